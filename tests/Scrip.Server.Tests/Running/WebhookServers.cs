using Scrip.Server.Tests.Running;

[assembly: AssemblyFixture(typeof(WebhookServers))]

namespace Scrip.Server.Tests.Running;

/// <summary>
/// One server on each database that may call receivers on loopback and tries again within milliseconds; shared like
/// <see cref="Servers"/>, and started when the first test asks for it.
/// </summary>
public sealed class WebhookServers : IAsyncDisposable
{
    /// <summary>Loopback is allowed, and all twelve retries take four seconds.</summary>
    public static readonly IReadOnlyDictionary<string, string> Settings =
        new Dictionary<string, string>([Receiver.Allowance, new("SCRIP_WEBHOOK_RETRY", "3"), new("SCRIP_POINTS_EXPIRY_MS", "50")]);

    private readonly Dictionary<Db, Lazy<Task<ScripProcess>>> shared = Enum.GetValues<Db>()
        .ToDictionary(db => db, db => new Lazy<Task<ScripProcess>>(() => StartOn(db)));

    /// <summary>The server of a database.</summary>
    public Task<ScripProcess> On(Db db) => shared[db].Value;

    /// <summary>A caller bound to a fresh, empty project.</summary>
    public async Task<ApiClient> Project(Db db) => await Servers.Project(await On(db));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var started in shared.Values.Where(server => server.IsValueCreated && server.Value.IsCompletedSuccessfully))
        {
            var server = await started.Value;
            await server.DisposeAsync();
            await server.Database.DisposeAsync();
        }
    }

    private static async Task<ScripProcess> StartOn(Db db) => await ScripProcess.Start(await Database.Create(db), Settings);
}

/// <summary>What tests of webhooks do in one line.</summary>
public static class Hooks
{
    /// <summary>The path of a project's webhooks.</summary>
    public static string HooksPath(this ApiClient scrip, string rest = "") => $"/management/v1/projects/{scrip.Project.Id}/webhooks{rest}";

    /// <summary>Has the project tell a receiver of events; answers the webhook's id.</summary>
    public static async Task<string> Hook(this ApiClient scrip, Uri target, params string[] events) =>
        (await scrip.AsManagement.Post(scrip.HooksPath(), new { target_url = target, events })).Expect(200)["id"].Text;

    /// <summary>The sendouts of a webhook, newest first.</summary>
    public static async Task<IReadOnlyList<Part>> Sendouts(this ApiClient scrip, string hook, string query = "") =>
        (await scrip.AsManagement.Get(scrip.HooksPath($"/{hook}/sendouts?limit=100{query}"))).Expect(200)["data"].Items;

    /// <summary>Waits until the sendouts of a webhook are as the test wants them.</summary>
    public static Task<IReadOnlyList<Part>> SendoutsWhen(this ApiClient scrip, string hook, Func<IReadOnlyList<Part>, bool> enough) =>
        Eventually.Becomes(() => scrip.Sendouts(hook), enough, all => string.Join(", ", all));
}
