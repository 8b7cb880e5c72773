using System.Data.Common;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.EarningRules;

/// <summary>
/// Gives points for what happens. An order earns once by each rule, however often it is paid; so does every other event.
/// Who has no card of the campaign earns nothing, unless the campaign lets customers join by earning.
/// </summary>
static class EarningSubscriber
{
    /// <summary>The subscriber.</summary>
    public static OutboxSubscription Of(Dialect dialect) => new("earning", (db, events, now) => Handle(db, dialect, events, now), async (db, projects, interest) =>
    {
        foreach (var project in await EarningRuleSql.Waiting(db, dialect, projects, EarningEvents.OrderPaid)) interest.Add(project, EventTypes.OrderPaid);
    });

    static async Task Handle(DbConnection db, Dialect dialect, IReadOnlyList<OutboxEvent> events, long now)
    {
        var happened = events.Where(Occasion.MayEarn).ToArray();
        if (happened.Length == 0) return;
        var live = await EarningRuleSql.Live(db, dialect, [.. happened.Select(one => one.ProjectId).Distinct()]);
        if (live.Count == 0) return;
        var scenes = new Dictionary<string, EarningScene>(StringComparer.Ordinal);
        foreach (var one in happened)
        {
            if (Occasion.Of(one) is not { } occasion) continue;
            // One that was made after the event does not earn by it.
            var fitting = live.Where(rule => rule.ProjectId == one.ProjectId && rule.CreatedAt <= one.CreatedAt && occasion.Fits(rule)).ToList();
            if (fitting.Count == 0) continue;
            if (one is { Type: EventTypes.CustomEvent, IsFromClient: true } && !await ProjectSql.CountsClientEvents(db, one.ProjectId)) continue;
            if (!scenes.TryGetValue(one.ProjectId, out var scene)) scenes[one.ProjectId] = scene = new EarningScene(db, dialect, one.ProjectId);
            await Consider(db, dialect, scene, await EarningRuleSql.WithRules(db, dialect, one.ProjectId, fitting), occasion, one, now);
        }
    }

    static async Task Consider(DbConnection db, Dialect dialect, EarningScene scene, List<EarningRuleRow> rules, Occasion occasion, OutboxEvent happened, long now)
    {
        var project = happened.ProjectId;
        if (await CustomerSql.Find(db, project, happened.CustomerId!) is not { } customer) return;
        var named = occasion.Card is { } code ? await VoucherSql.Find(db, project, code) : null;
        if (occasion.Card is not null && named?.HolderId != customer.Id) return;
        var cart = await scene.Cart(occasion.Order, happened.CreatedAt);
        var facts = await scene.Facts(customer, cart, occasion.Order is { } order ? new(order.Metadata) : default, occasion.Metadata, happened.CreatedAt);
        foreach (var rule in rules)
        {
            if (named is not null && named.CampaignId != rule.CampaignId) continue;
            if (await CampaignSql.Find(db, project, rule.CampaignId) is not { CampaignType: CampaignTypes.Loyalty } campaign) continue;
            var points = await scene.Points(rule, campaign, customer, facts);
            if (points > 0) await new Awarding(db, dialect, rule, campaign, customer, occasion, now).Give(points, await scene.Zone(), named);
        }
    }
}
