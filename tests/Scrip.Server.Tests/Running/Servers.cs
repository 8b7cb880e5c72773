using System.Globalization;
using Scrip.Server.Tests.Contract;
using Scrip.Server.Tests.Running;

[assembly: AssemblyFixture(typeof(Servers))]

namespace Scrip.Server.Tests.Running;

/// <summary>
/// One long-lived server on each database, shared by all tests and started when the first test asks for it.
/// Tests keep apart by each making a project of its own, so they may run at the same time.
/// </summary>
public sealed class Servers : IAsyncLifetime
{
    private static int projectsMade;

    private readonly Dictionary<Db, Lazy<Task<ScripProcess>>> shared = Enum.GetValues<Db>()
        .ToDictionary(db => db, db => new Lazy<Task<ScripProcess>>(() => StartOn(db)));

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>The shared server of a database. Tests that stop or kill a server start one of their own.</summary>
    public Task<ScripProcess> On(Db db) => shared[db].Value;

    /// <summary>A caller bound to a fresh, empty project on the shared server.</summary>
    public async Task<ApiClient> Project(Db db, object? settings = null) => await Project(await On(db), settings);

    /// <summary>A caller bound to a fresh, empty project on any server.</summary>
    public static async Task<ApiClient> Project(ScripProcess server, object? settings = null)
    {
        var organization = Demo(server).AsManagement.Unchecked;
        var created = await organization.Post("/management/v1/projects", settings ?? new
        {
            name = string.Create(CultureInfo.InvariantCulture, $"Test project {Interlocked.Increment(ref projectsMade)}"),
            currency = "EUR",
            timezone = "UTC",
            case_sensitive_codes = true,
            client_trusted_domains = new[] { Keys.TrustedOrigin },
            client_redeem_enabled = true,
            client_publish_enabled = true,
            client_list_vouchers_enabled = true,
            client_create_customer_enabled = true,
            client_loyalty_events_enabled = true,
        });
        created.Expect(200);
        var (serverSide, clientSide) = (created["server_side_key"], created["client_side_key"]);
        var project = new ProjectKeys(
            created["id"].Text,
            Keys.ServerSide(serverSide["app_id"].Text, serverSide["app_token"].Text),
            Keys.ClientSide(clientSide["app_id"].Text, clientSide["app_token"].Text));
        return new(server.Database.Db, server.Address, project, project.ServerSide);
    }

    /// <summary>A caller of the project that every server starts with.</summary>
    public static ApiClient Demo(ScripProcess server) => new(
        server.Database.Db,
        server.Address,
        new(DemoKeys.ProjectId, DemoKeys.ServerSide, DemoKeys.ClientSide),
        DemoKeys.ServerSide);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var started in shared.Values.Where(server => server.IsValueCreated && server.Value.IsCompletedSuccessfully))
        {
            var server = await started.Value;
            await server.DisposeAsync();
            await server.Database.DisposeAsync();
        }
        Reached.Write();
    }

    private static async Task<ScripProcess> StartOn(Db db)
    {
        var database = await Database.Create(db);
        return await ScripProcess.Start(database);
    }
}
