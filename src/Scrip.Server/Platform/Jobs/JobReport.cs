using System.Security.Cryptography;
using System.Text;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Platform.Jobs;

/// <summary>
/// Serves what a job tells of each row, as a CSV file. The link holds a secret that only the job's result shows, and
/// works for a week.
/// </summary>
static class JobReport
{
    const string Root = "/async-actions/reports/";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(Root + "{project}/{job}/{secret}", (RequestDelegate)Serve);

    /// <summary>A link for a job that is still to be enqueued; <c>{job}</c> in it stands for the job's id.</summary>
    public static string NewLink(Call call) => $"{call.Origin}{Root}{Uri.EscapeDataString(call.ProjectId)}/{{job}}/{Ids.Secret()}";

    static async Task Serve(HttpContext http)
    {
        var (project, id, secret) = (Value(http, "project"), Value(http, "job"), Value(http, "secret"));
        var missing = new ApiFault(Refusals.Missing("report", id));
        var db = http.RequestServices.GetRequiredService<Database>();
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
        var job = await db.Read(connection => connection.QueryFirstOrDefaultAsync<Job>(
            "SELECT * FROM async_actions WHERE project_id = @project AND id = @id AND created_at > @since", new { project, id, since = now - JobFile.KeptMs })) ?? throw missing;
        if (job.Result is null || Wire.Read<RowsJob>(job.Parameters).Report is not { } link || !IsSecret(link, secret)) throw missing;
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{id}.csv\"";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        for (var part = 0L; await db.Read(connection => JobFile.Read(connection, project, id, JobFile.Report, part)) is { } rows; part++)
            await http.Response.Body.WriteAsync(rows.Content, http.RequestAborted);
    }

    static string Value(HttpContext http, string name) => ((string)http.Request.RouteValues[name]!).Replace('\0', '\uFFFD');

    static bool IsSecret(string link, string secret) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(link[(link.LastIndexOf('/') + 1)..]), Encoding.UTF8.GetBytes(secret));
}
