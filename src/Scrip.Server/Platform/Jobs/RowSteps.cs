using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Platform.Jobs;

/// <summary>Does one part of a job's rows.</summary>
/// <param name="Database">The database.</param>
/// <param name="Db">The connection of the chunk.</param>
/// <param name="Job">The job as it was before the chunk.</param>
/// <param name="Work">Its parameters.</param>
/// <param name="Part">The rows.</param>
/// <param name="Tally">What they came to.</param>
/// <param name="Now">Unix milliseconds.</param>
public sealed record PartWork(Database Database, DbConnection Db, Job Job, RowsJob Work, JobPart Part, RowTally Tally, long Now)
{
    /// <summary>The job's project.</summary>
    public string Project => Job.ProjectId;

    /// <summary>What differs between the databases.</summary>
    public Dialect Dialect => Database.Dialect;

    /// <summary>The items of a JSON list with their numbers, from 1.</summary>
    public IEnumerable<(long Number, JsonElement Item)> Items() =>
        JsonDocument.Parse(Part.Content).RootElement.EnumerateArray().Select((item, i) => (Part.FirstRow + i, item));
}

/// <summary>
/// Jobs that work through rows, one part a chunk. Rows that fail are told in the result; the others stay.
/// </summary>
static class RowSteps
{
    /// <summary>The kinds of reports have one head.</summary>
    const string ReportHead = ",found,updated,error\n";

    /// <summary>An import. <paramref name="what"/> is one of what it imports, such as <c>voucher</c>.</summary>
    public static KeyValuePair<string, JobStep> Import(Database database, string type, string what, Func<PartWork, Task> part) => new(type, (db, job, now) =>
        Step(database, db, job, now, part, null, (faults, done, failed, _) => Wire.Text(new ImportResult(JobFaults.Message(what, done, failed), faults, done, failed))));

    /// <summary>A bulk update. <paramref name="key"/> is what names the objects in its report: <c>code</c> or <c>source_id</c>.</summary>
    public static KeyValuePair<string, JobStep> Update(Database database, string type, string key, Func<PartWork, Task> part) => new(type, (db, job, now) =>
        Step(database, db, job, now, part, key, (faults, done, failed, work) => Wire.Text(new BulkResult(done, failed,
            work.Report is { } report ? [report.Replace("{job}", job.Id, StringComparison.Ordinal)] : [], new(job.CreatedAt + JobFile.KeptMs), faults))));

    static async Task<Chunk> Step(Database database, DbConnection db, Job job, long now, Func<PartWork, Task> part, string? reportKey,
        Func<JsonElement[], long, long, RowsJob, string> result)
    {
        var work = Wire.Read<RowsJob>(job.Parameters);
        var number = job.Place is null ? 0 : long.Parse(job.Place, CultureInfo.InvariantCulture);
        var tally = new RowTally();
        if (await JobFile.Read(db, job.ProjectId, job.Id, JobFile.Upload, number) is { } rows)
        {
            await part(new PartWork(database, db, job, work, rows, tally, now));
            if (reportKey is not null) await AddReport(db, job, rows, tally, reportKey, now);
        }
        var (done, failed) = (job.DoneCount + tally.Done, job.FailedCount + tally.Faults.Count);
        if (number + 1 >= work.Parts) return Chunk.Last(tally.Done, result(await JobFaults.All(db, job, tally.Faults), done, failed, work), tally.Faults.Count);
        await JobFaults.Add(database, db, job, tally.Faults);
        return Chunk.More(tally.Done, (number + 1).ToString(CultureInfo.InvariantCulture), tally.Faults.Count);
    }

    static Task AddReport(DbConnection db, Job job, JobPart rows, RowTally tally, string key, long now)
    {
        byte[] head = rows.Part == 0 ? System.Text.Encoding.UTF8.GetBytes(key + ReportHead) : [];
        return JobFile.Add(db, job.ProjectId, job.Id, JobFile.Report,
            new JobPart { Part = rows.Part, FirstRow = rows.FirstRow, RowCount = rows.RowCount, Content = [.. head, .. tally.Report] }, now);
    }
}
