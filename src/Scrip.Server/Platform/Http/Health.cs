using System.Text;
using Dapper;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Platform.Http;

/// <summary>Whether the start is over, demo content included.</summary>
public sealed class Readiness
{
    /// <summary>Set once.</summary>
    public bool IsReady { get; set; }
}

/// <summary>Liveness (the process answers) and readiness (the database does, too), for load balancers.</summary>
static class Health
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/health/live", (HttpContext http) => Tell(http, 200, "live")).ExcludeFromDescription();
        app.MapGet("/health/ready", async (HttpContext http, Database db, Readiness readiness) =>
        {
            try
            {
                await db.Read(connection => connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM settings"));
                await (readiness.IsReady ? Tell(http, 200, "ready") : Tell(http, 503, "starting"));
            }
            catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException)
            {
                await Tell(http, 503, "waiting for the database");
            }
        }).ExcludeFromDescription();
    }

    static Task Tell(HttpContext http, int status, string word) =>
        Api.Write(http, status, Encoding.UTF8.GetBytes($$"""{"status":"{{word}}"}"""));
}
