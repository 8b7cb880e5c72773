using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Platform.Jobs;

/// <summary>
/// Why rows of a job failed. The first thousand reasons are kept and become part of the result; the count of failed
/// rows is that of all.
/// </summary>
public static class JobFaults
{
    /// <summary>How many reasons are kept.</summary>
    public const int Max = 1000;

    static readonly (string Name, bool IsJson)[] Columns = [("project_id", false), ("job_id", false), ("number", false), ("body", true)];

    /// <summary>Keeps the reasons of one chunk, as many as there is room for.</summary>
    /// <param name="database">The database.</param>
    /// <param name="db">The connection of the chunk.</param>
    /// <param name="job">The job, as it was before the chunk.</param>
    /// <param name="reasons">JSON objects, in the order of the rows.</param>
    public static Task Add(Database database, DbConnection db, Job job, IReadOnlyCollection<string> reasons)
    {
        var room = (int)Math.Clamp(Max - job.FailedCount, 0, reasons.Count);
        return room == 0 ? Task.CompletedTask : database.BulkInsert(db, "job_faults", Columns,
            reasons.Take(room).Select((reason, i) => new object?[] { job.ProjectId, job.Id, job.FailedCount + i, reason }));
    }

    /// <summary>The reasons that were kept, and those of the last chunk, which are not stored any more.</summary>
    public static async Task<JsonElement[]> All(DbConnection db, Job job, IReadOnlyCollection<string> last)
    {
        var kept = await db.QueryAsync<string>("SELECT body FROM job_faults WHERE project_id = @ProjectId AND job_id = @Id ORDER BY number",
            new { job.ProjectId, job.Id });
        await db.ExecuteAsync("DELETE FROM job_faults WHERE project_id = @ProjectId AND job_id = @Id", new { job.ProjectId, job.Id });
        return [.. kept.Concat(last).Take(Max).Select(Wire.Read<JsonElement>)];
    }

    /// <summary>How many of a kind were done and how many failed, in the words of results.</summary>
    public static string Message(string what, long done, long failed)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{done} {what}(s) imported successfully, {failed} failed.");
        return failed <= Max ? text : text + string.Create(CultureInfo.InvariantCulture, $" The first {Max} reasons are listed.");
    }
}
