using System.Data.Common;
using Scrip.Engine;
using Scrip.Server.Features.Projects;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;
using Scrip.Server.Platform.Outgoing;

namespace Scrip.Server.Features.Webhooks;

/// <summary>The webhooks of a project, through the management keys.</summary>
static class WebhookApi
{
    const string Path = "/management/v1/projects/{projectId}/webhooks";

    /// <summary>The kind of resource, in errors.</summary>
    public const string Type = "webhook";

    /// <summary>Webhooks that a project may have; each event is matched with all of them.</summary>
    const int CountMax = 100;

    public static void Map(Api management)
    {
        management.Post<WebhookInput, Webhook>(Path, "create-webhook", Create);
        management.Get(Path, "list-webhooks", List);
        management.Get(Path + "/{webhookId}", "get-webhook", call => call.Db.Read(async db => (await Find(db, call)).Show()));
        management.Put<WebhookInput, Webhook>(Path + "/{webhookId}", "update-webhook", Update);
        management.Delete(Path + "/{webhookId}", "delete-webhook", Delete);
        SendoutApi.Map(management, Path + "/{webhookId}/sendouts");
    }

    static Task<Webhook> Create(WebhookInput input, Call call)
    {
        var url = Target(input.TargetUrl, call);
        var events = Types(input.Events);
        return call.Commit(async db =>
        {
            var project = await ProjectSql.Need(db, call);
            if (await WebhookSql.Count(db, project) >= CountMax)
                throw new ApiFault(Refusals.InvalidPayload.With($"A project may have {CountMax} webhooks at most; delete one first"));
            var row = new WebhookRow
            {
                ProjectId = project,
                Id = Ids.New("wh_", call.Now),
                TargetUrl = url,
                Active = input.Active ?? true,
                CreatedAt = call.Now,
                Body = Wire.Text(new WebhookBody(events)),
            };
            await WebhookSql.Insert(db, row);
            return row.Show();
        });
    }

    static Task<ListOf<Webhook>> List(Call call) => call.Db.Read(async db =>
    {
        var shown = (await WebhookSql.All(db, await ProjectSql.Need(db, call))).ConvertAll(row => row.Show());
        return new ListOf<Webhook>("data", shown) { Total = shown.Count };
    });

    static Task<Webhook> Update(WebhookInput input, Call call)
    {
        var url = call.Sent("target_url") ? Target(input.TargetUrl, call) : null;
        var events = call.Sent("events") ? Types(input.Events) : null;
        return call.Commit(async db =>
        {
            var old = await Find(db, call, call.Db.Dialect.ForUpdate);
            var row = new WebhookRow
            {
                ProjectId = old.ProjectId,
                Id = old.Id,
                TargetUrl = url ?? old.TargetUrl,
                Active = input.Active ?? old.Active,
                CreatedAt = old.CreatedAt,
                UpdatedAt = call.Now,
                Body = events is null ? old.Body : Wire.Text(new WebhookBody(events)),
            };
            await WebhookSql.Update(db, row);
            return row.Show();
        });
    }

    static Task Delete(Call call) => call.Commit(async db =>
    {
        var (project, id) = (await ProjectSql.Need(db, call), call.Route("webhookId"));
        if (!await WebhookSql.Delete(db, project, id)) throw new ApiFault(Refusals.Missing(Type, id));
        return Nothing.Instance;
    });

    /// <summary>The webhook that the path names.</summary>
    public static async Task<WebhookRow> Find(DbConnection db, Call call, string ending = "")
    {
        var (project, id) = (await ProjectSql.Need(db, call), call.Route("webhookId"));
        return await WebhookSql.Find(db, project, id, ending) ?? throw new ApiFault(Refusals.Missing(Type, id));
    }

    static string Target(string? url, Call call) =>
        call.Need<TargetGuard>().UrlFault(url) is { } what ? throw Checks.Wrong("target_url", what) : url!;

    static string[] Types(string[]? events)
    {
        if (events is null or []) throw Checks.Wrong("events", "must name at least one event");
        var known = new List<string>();
        for (var i = 0; i < events.Length; i++)
        {
            var type = WebhookEvents.Known(events[i]) ?? throw Checks.Wrong($"events.{i}", $"must be one of: {string.Join(", ", WebhookEvents.All)}");
            if (!known.Contains(type)) known.Add(type);
        }
        return [.. known];
    }
}
