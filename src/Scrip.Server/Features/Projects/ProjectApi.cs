using System.Data.Common;
using NodaTime;
using Scrip.Engine;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Projects;

/// <summary>Projects, through the management keys of the installation. A new project's keys are told once.</summary>
static class ProjectApi
{
    public static void Map(Api management)
    {
        management.Post<ProjectInput, Project>("/management/v1/projects", "create-project", Create);
        management.Get("/management/v1/projects", "list-projects", List);
        management.Get("/management/v1/projects/{projectId}", "get-project", Get);
        management.Put<ProjectInput, Project>("/management/v1/projects/{projectId}", "update-project", Update);
        management.Delete("/management/v1/projects/{projectId}", "delete-project", Delete);
    }

    static Task<Project> Create(ProjectInput input, Call call)
    {
        if (string.IsNullOrWhiteSpace(input.Name)) throw Checks.Wrong("name", "is required");
        Check(input);
        return call.Commit(db => Create(db, Merge(Defaults, input, call.Sent), call.Now, new DemoKeys(null, null, null, null, null, null, null)));
    }

    /// <summary>Makes a project with its two pairs of keys; those that are not fixed are made up.</summary>
    internal static async Task<Project> Create(DbConnection db, ProjectBody body, long now, DemoKeys keys)
    {
        var id = keys.ProjectId ?? Ids.New("proj_", now);
        var server = new ProjectKey(keys.AppId ?? Ids.New("app_", now), keys.AppToken ?? Ids.Secret());
        var client = new ProjectKey(keys.ClientAppId ?? Ids.New("client_", now), keys.ClientToken ?? Ids.Secret());
        body = body with { WebhookToken = Ids.Secret() };
        await ProjectSql.Insert(db, id, body, now);
        await KeyRing.Add(db, KeyKind.Server, id, server.AppId, server.AppToken, now);
        await KeyRing.Add(db, KeyKind.Client, id, client.AppId, client.AppToken, now);
        return Show(id, body) with { ServerSideKey = server, ClientSideKey = client };
    }

    static Task<ListOf<Project>> List(Call call) => call.Db.Read(async db =>
    {
        var shown = (await ProjectSql.All(db)).ConvertAll(row => Show(row.Id, Wire.Read<ProjectBody>(row.Body)));
        return new ListOf<Project>("data", shown) { Total = shown.Count };
    });

    static Task<Project> Get(Call call) => call.Db.Read(async db =>
    {
        var row = await Find(db, call);
        return Show(row.Id, Wire.Read<ProjectBody>(row.Body));
    });

    static Task<Project> Update(ProjectInput input, Call call)
    {
        Check(input);
        return call.Commit(async db =>
        {
            var row = await Find(db, call);
            var body = Merge(Wire.Read<ProjectBody>(row.Body), input, call.Sent);
            await ProjectSql.Update(db, row.Id, body, call.Now);
            return Show(row.Id, body);
        });
    }

    static Task Delete(Call call) => call.Commit(async db =>
    {
        var row = await Find(db, call);
        await ProjectSql.Delete(db, row.Id, call.Now);
        return Nothing.Instance;
    });

    static async Task<ProjectRow> Find(DbConnection db, Call call)
    {
        var id = call.Route("projectId");
        return await ProjectSql.Find(db, id) ?? throw new ApiFault(Refusals.Missing("project", id));
    }

    internal static readonly ProjectBody Defaults = new()
    {
        Timezone = "UTC",
        FirstDayOfWeek = "MONDAY",
        Currency = "USD",
        WebhookVersion = "v2024-01-01",
        ClientTrustedDomains = [],
        ClientRedeemEnabled = false,
        ClientPublishEnabled = false,
        ClientListVouchersEnabled = false,
        ClientCreateCustomerEnabled = false,
        ClientLoyaltyEventsEnabled = false,
        ClientSetVoucherExpirationDateEnabled = false,
        CaseSensitiveCodes = true,
        ApiVersion = "v2018-08-01",
        ClusterId = "self-hosted",
        Description = "",
        WebhooksCalloutNotifications = new() { Distributions = NoCallout, Webhooks = NoCallout },
        ApiUsageNotifications = new()
        {
            Redemptions = NoUsage,
            Messages = NoUsage,
            ApiCalls = NoUsage,
            BulkApiCalls = NoUsage,
            WebhookCalls = NoUsage,
            CycleCalls = NoUsage,
        },
    };

    static NotificationSettings NoCallout => new() { Email = false, InApp = false, Emails = [] };

    static NotificationSettings NoUsage => new() { Enabled = false, Value = 80, InApp = false, Emails = [] };

    static void Check(ProjectInput input)
    {
        Checks.Text(input.Name, "name");
        Checks.Text(input.Description, "description", 2000);
        if (input.Timezone is { } zone && DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is null)
            throw Checks.Wrong("timezone", "must be an IANA time zone such as Europe/Warsaw");
        Checks.OneOf(input.FirstDayOfWeek, "first_day_of_week", "MONDAY", "SATURDAY", "SUNDAY");
        if (input.Currency is { } currency && (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper)))
            throw Checks.Wrong("currency", "must be an ISO 4217 code such as EUR");
        Checks.OneOf(input.WebhookVersion, "webhook_version", "v2024-01-01");
        Checks.OneOf(input.ApiVersion, "api_version", "v2018-08-01");
        Checks.Text(input.DialCode, "dial_code", 10);
        if (input.CaseSensitiveCodes == false)
            throw Checks.Wrong("case_sensitive_codes", "must be true: codes that differ by letter case only are different codes here");
    }

    static ProjectBody Merge(ProjectBody old, ProjectInput input, Func<string, bool> sent) => old with
    {
        Name = input.Name ?? old.Name,
        Description = sent("description") ? input.Description ?? "" : old.Description,
        Timezone = input.Timezone ?? old.Timezone,
        FirstDayOfWeek = input.FirstDayOfWeek ?? old.FirstDayOfWeek,
        Currency = input.Currency ?? old.Currency,
        DialCode = sent("dial_code") ? input.DialCode : old.DialCode,
        WebhookVersion = input.WebhookVersion ?? old.WebhookVersion,
        ClientTrustedDomains = input.ClientTrustedDomains ?? old.ClientTrustedDomains,
        ClientRedeemEnabled = input.ClientRedeemEnabled ?? old.ClientRedeemEnabled,
        ClientPublishEnabled = input.ClientPublishEnabled ?? old.ClientPublishEnabled,
        ClientListVouchersEnabled = input.ClientListVouchersEnabled ?? old.ClientListVouchersEnabled,
        ClientCreateCustomerEnabled = input.ClientCreateCustomerEnabled ?? old.ClientCreateCustomerEnabled,
        ClientLoyaltyEventsEnabled = input.ClientLoyaltyEventsEnabled ?? old.ClientLoyaltyEventsEnabled,
        ClientSetVoucherExpirationDateEnabled = input.ClientSetVoucherExpirationDateEnabled ?? old.ClientSetVoucherExpirationDateEnabled,
        WebhooksCalloutNotifications = input.WebhooksCalloutNotifications ?? old.WebhooksCalloutNotifications,
        ApiUsageNotifications = input.ApiUsageNotifications ?? old.ApiUsageNotifications,
    };

    static Project Show(string id, ProjectBody body) => new()
    {
        Id = id,
        WebhookToken = body.WebhookToken ?? "",
        ClusterId = body.ClusterId,
        Name = body.Name,
        Description = body.Description,
        Timezone = body.Timezone,
        FirstDayOfWeek = body.FirstDayOfWeek ?? Defaults.FirstDayOfWeek,
        Currency = body.Currency,
        DialCode = body.DialCode,
        WebhookVersion = body.WebhookVersion,
        ClientTrustedDomains = body.ClientTrustedDomains,
        ClientRedeemEnabled = body.ClientRedeemEnabled,
        ClientPublishEnabled = body.ClientPublishEnabled,
        ClientListVouchersEnabled = body.ClientListVouchersEnabled,
        ClientCreateCustomerEnabled = body.ClientCreateCustomerEnabled,
        ClientLoyaltyEventsEnabled = body.ClientLoyaltyEventsEnabled,
        ClientSetVoucherExpirationDateEnabled = body.ClientSetVoucherExpirationDateEnabled,
        WebhooksCalloutNotifications = body.WebhooksCalloutNotifications,
        ApiUsageNotifications = body.ApiUsageNotifications,
        CaseSensitiveCodes = body.CaseSensitiveCodes,
        ApiVersion = body.ApiVersion,
    };
}
