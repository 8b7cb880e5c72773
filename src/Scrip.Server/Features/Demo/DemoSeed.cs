using Scrip.Server.Features.Projects;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Demo;

/// <summary>The keys of a project that was just made; nobody can read them later.</summary>
public sealed record NewKeys(string ProjectName, string ProjectId, ProjectKey Server, ProjectKey Client, ProjectKey Management)
{
    /// <summary>True when the project is to have demo content.</summary>
    public bool WantsContent { get; init; }
}

/// <summary>
/// Makes the first project of an empty installation: with content when a demo is wanted, bare when only fixed
/// credentials are. An installation that has a project is left alone.
/// </summary>
static class DemoSeed
{
    const string Demo = "demo";

    public static async Task<NewKeys?> Plant(IServiceProvider services)
    {
        var settings = services.GetRequiredService<Settings>();
        var db = services.GetRequiredService<Database>();
        var wanted = settings.Seed ?? (db.Dialect.IsPostgres ? "none" : Demo);
        if (wanted is not (Demo or "none")) throw new ArgumentException($"SCRIP_SEED must be demo or none, not '{wanted}'");
        if (await db.Read(ProjectSql.Any)) return null;
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
        var fixedKeys = settings.Demo;
        var management = new ProjectKey(fixedKeys.ManagementId ?? Ids.New("mgmt_", now), fixedKeys.ManagementToken ?? Ids.Secret());
        var name = wanted == Demo ? "Demo shop" : "First project";
        var project = await db.Write(async connection =>
        {
            await KeyRing.Add(connection, KeyKind.Management, "", management.AppId, management.AppToken, now);
            return await ProjectApi.Create(connection, ProjectApi.Defaults with { Name = name }, now, fixedKeys);
        });
        return new NewKeys(name, project.Id, project.ServerSideKey!, project.ClientSideKey!, management) { WantsContent = wanted == Demo };
    }
}
