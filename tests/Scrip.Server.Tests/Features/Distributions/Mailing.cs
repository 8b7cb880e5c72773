using System.Globalization;
using System.Net;
using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Distributions;

/// <summary>A server with a mail server and a web receiver of its own, all on loopback, and short waits.</summary>
public sealed class Mailing : IAsyncDisposable
{
    private Mailing(Database database, ScripProcess server, MailReceiver mail, Receiver web, Dictionary<string, string> environment) =>
        (Database, Server, Mail, Web, Environment) = (database, server, mail, web, environment);

    /// <summary>Its database.</summary>
    public Database Database { get; }

    /// <summary>The server.</summary>
    public ScripProcess Server { get; private set; }

    /// <summary>Where its mails go.</summary>
    public MailReceiver Mail { get; }

    /// <summary>Where its webhooks and SMS go.</summary>
    public Receiver Web { get; }

    private Dictionary<string, string> Environment { get; }

    /// <summary>Starts all three.</summary>
    public static async Task<Mailing> Start(Db db, Func<int, string?>? refusal = null, Func<Received, int>? status = null, int delaySeconds = 1, int retryMs = 40)
    {
        var (mail, web, database) = (MailReceiver.Start(refusal), Receiver.Start(status ?? (_ => (int)HttpStatusCode.OK)), await Database.Create(db));
        var environment = new Dictionary<string, string>
        {
            ["SCRIP_SMTP_HOST"] = "127.0.0.1",
            ["SCRIP_SMTP_PORT"] = mail.Port.ToString(CultureInfo.InvariantCulture),
            ["SCRIP_SMTP_FROM"] = "Shop <shop@shop.test>",
            ["SCRIP_SMTP_TLS"] = "none",
            ["SCRIP_SMS_URL"] = new Uri(web.Address, "sms").ToString(),
            ["SCRIP_SMS_TOKEN"] = "sms-token",
            ["SCRIP_DISTRIBUTION_DELAY"] = delaySeconds.ToString(CultureInfo.InvariantCulture),
            ["SCRIP_DISTRIBUTION_RETRY_MS"] = retryMs.ToString(CultureInfo.InvariantCulture),
            [Receiver.Allowance.Key] = Receiver.Allowance.Value,
        };
        return new Mailing(database, await ScripProcess.Start(database, environment), mail, web, environment);
    }

    /// <summary>Starts the server again over the same database.</summary>
    public async Task Restart() => Server = await ScripProcess.Start(Database, Environment);

    /// <summary>A fresh project.</summary>
    public Task<ApiClient> Project() => Servers.Project(Server);

    /// <summary>The address of a hook at the receiver.</summary>
    public string Hook(string name = "hook") => new Uri(Web.Address, name).ToString();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Mail.DisposeAsync();
        await Web.DisposeAsync();
        await Database.DisposeAsync();
    }
}

/// <summary>Distributions in one line.</summary>
public static class DistributionShop
{
    /// <summary>The path of a project's distributions, or of something below it.</summary>
    public static string Distributions(this ApiClient scrip, string below = "") => $"/management/v1/projects/{scrip.Project.Id}/distributions{below}";

    /// <summary>Makes a distribution; answers its id.</summary>
    public static async Task<string> Distribution(this ApiClient scrip, object distribution) =>
        (await scrip.AsManagement.Post(scrip.Distributions(), distribution)).Expect(200)["id"].Text;

    /// <summary>A distribution's messages once as many as wanted have a status.</summary>
    public static Task<IReadOnlyList<Part>> Messages(this ApiClient scrip, string id, string status, int count) => Eventually.Becomes(
        async () => (await scrip.AsManagement.Get(scrip.Distributions($"/{id}/messages?limit=100&status={status}"))).Expect(200)["data"].Items,
        messages => messages.Count >= count,
        messages => $"{messages.Count} of {count} that are {status}: {string.Join(", ", messages)}");

    /// <summary>A campaign of coupons that makes another code when it has none left; answers its id.</summary>
    public static async Task<string> Growing(this ApiClient scrip, string name) => (await scrip.Post("/v1/campaigns", new
    {
        name,
        type = "AUTO_UPDATE",
        campaign_type = "DISCOUNT_COUPONS",
        voucher = new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 100 }, redemption = new { quantity = 1 } },
    })).Expect(200)["id"].Text;
}
