using Scrip.Engine;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.EarningRules;

/// <summary>A customer and an order whose points are to be estimated.</summary>
public sealed record EstimateInput
{
    public CustomerInput? Customer { get; init; }
    public OrderInput? Order { get; init; }
}

/// <summary>The points that an order would earn now.</summary>
public sealed record Estimate(EstimateCampaign Campaign, long PointsEstimation);

/// <summary>The campaign of an estimate.</summary>
public sealed record EstimateCampaign(string Id, string Name)
{
    public string Object => "campaign";
}

/// <summary>Works out what an order would earn by the rules for paid orders, and writes nothing. What earned already is counted, too.</summary>
static class Estimating
{
    public static Task<Estimate> Estimate(EstimateInput input, Call call)
    {
        if (input.Customer is not { } sent) throw Checks.Wrong("customer", "must be object");
        if (input.Order is not { } order) throw Checks.Wrong("order", "must be object");
        CustomerFlow.Check(sent, "customer.");
        OrderFlow.Check(order);
        return call.Db.Read(async db =>
        {
            var (dialect, project) = (call.Db.Dialect, call.ProjectId);
            var campaign = await EarningRuleApi.Campaign(db, call);
            var scene = new EarningScene(db, dialect, project);
            if (!EarningScene.IsOpen(CampaignSnapshot.Of(campaign).Schedule, call.Now, await scene.Zone()))
                throw new ApiFault(Refusals.CampaignNotActive with { Message = $"Loyalty campaign '{campaign.Id}' is not active" });
            var customer = (await InlineCustomer.Load(db, project, sent, call.Now)).Row;
            var card = customer is null ? null : await Awarding.Held(db, project, campaign.Id, customer.Id);
            if (card is null && !Wire.Read<CampaignBody>(campaign.Body).AutoJoin)
                throw new ApiFault(Refusals.CampaignNotAllowAutoJoin with { Message = $"Loyalty campaign '{campaign.Id}' does not allow auto-join for non-members" });
            if (card is not null && !EarningScene.IsOpen(new(card.Active, card.StartsAt, card.ExpiresAt), call.Now, await scene.Zone()))
                throw new ApiFault(Refusals.LoyaltyCardNotActive with { Message = $"Customer's loyalty card '{card.Code}' is not active" });
            var named = order.Id ?? order.SourceId;
            var stored = named is null || await OrderSql.Find(db, project, named) is not { } row ? null : Wire.Read<Order>(row.Body);
            string[] names = [.. LineFacts.Names(order.Items).Concat(OrderFlow.Continued(order, stored)).Distinct()];
            var lines = await LineFacts.Load(db, dialect, project, names);
            // What is sent counts before what is stored.
            var cart = order.Items is null && order.Amount is null && stored is not null ? OrderFlow.Continue(stored) : OrderFlow.Open(order, null, lines);
            var marked = await scene.Marked(cart, [.. cart.Lines.SelectMany(line => new[] { line.ProductId, line.SkuId }).OfType<string>().Distinct()], call.Now);
            var facts = await scene.Facts(customer, marked, new(OrderFlow.MergedMetadata(stored, order)), default, call.Now);
            var rules = (await EarningRuleSql.OfCampaign(db, project, campaign.Id)).FindAll(rule => rule.Event == EarningEvents.OrderPaid);
            var sum = 0L;
            foreach (var rule in await EarningRuleSql.WithRules(db, dialect, project, rules))
                sum = Math.Min(Money.Max, sum + await scene.Points(rule, campaign, customer, facts));
            return new Estimate(new(campaign.Id, campaign.Name), sum);
        });
    }
}
