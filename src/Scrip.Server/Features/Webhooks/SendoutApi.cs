using System.Data.Common;
using Scrip.Engine;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Webhooks;

/// <summary>What was sent to a webhook, what it answered, and sending it again. Operations of ours.</summary>
static class SendoutApi
{
    /// <summary>What sendouts are listed by.</summary>
    public static readonly ListSpec Sendouts = new("webhook_sendouts", new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["sent_at"] = ("sent_at", ColumnKind.Moment),
        ["type"] = ("type", ColumnKind.Text),
        ["status"] = ("status", ColumnKind.Text),
        ["webhook_id"] = ("webhook_id", ColumnKind.Text),
        ["event_id"] = ("event_id", ColumnKind.Text),
        ["response_status"] = ("response_status", ColumnKind.Whole),
        ["attempts_count"] = ("attempts", ColumnKind.Whole),
        ["target_url"] = ("target_url", ColumnKind.Text),
    }, ["created_at"]);

    public static void Map(Api management, string path)
    {
        management.List(path, "list-webhook-sendouts", List);
        management.Get(path + "/{sendoutId}", "get-webhook-sendout", call => call.Db.Read(async db => (await Find(db, call)).Row.ShowAll()));
        management.Post(path + "/{sendoutId}/retry", "retry-webhook-sendout", Retry);
    }

    static Task<ListOf<Sendout>> List(Call call) => call.Db.Read(async db =>
    {
        var webhook = await WebhookApi.Find(db, call);
        var list = ListQuery.Read(call, Sendouts, webhook.ProjectId).WhereIs("webhook_id", webhook.Id);
        var rows = await list.OneMore<SendoutRow>(db, SendoutSql.ListColumns);
        return new ListOf<Sendout>("data", [.. rows.Take(list.Limit).Select(row => row.Show())]) { HasMore = rows.Count > list.Limit };
    });

    static async Task<Sendout> Retry(Call call)
    {
        var sent = await call.Commit(async db =>
        {
            var (webhook, row) = await Find(db, call, call.Db.Dialect.ForUpdate);
            if (!webhook.Active) throw new ApiFault(Refusals.InvalidPayload.With($"Webhook {webhook.Id} is not active; activate it first"));
            await SendoutSql.Retry(db, row, call.Now);
            return (await Find(db, call)).Row.ShowAll();
        });
        call.Need<WebhookSignal>().Wake();
        return sent;
    }

    static async Task<(WebhookRow Webhook, SendoutRow Row)> Find(DbConnection db, Call call, string ending = "")
    {
        var webhook = await WebhookApi.Find(db, call);
        var id = call.Route("sendoutId");
        return (webhook, await SendoutSql.Find(db, webhook.ProjectId, webhook.Id, id, ending) ?? throw new ApiFault(Refusals.Missing("webhook_sendout", id)));
    }
}
