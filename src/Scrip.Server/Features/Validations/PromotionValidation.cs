using System.Text.Json;
using Scrip.Engine;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Rules;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Promotions;
using Scrip.Server.Features.Snapshots;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Category = Scrip.Server.Features.Categories.Category;

namespace Scrip.Server.Features.Validations;

/// <summary>The body of the older endpoints for promotions.</summary>
public sealed record PromotionRequest
{
    public StackOptions? Options { get; init; }
    public OrderInput? Order { get; init; }
    public CustomerInput? Customer { get; init; }
    public string? TrackingId { get; init; }
    public JsonElement? Metadata { get; init; }

    /// <summary>The same as a stack, of the tier when one is named.</summary>
    public StackRequest AsStack(Call call, string? tier) => new()
    {
        Redeemables = tier is null ? null : [new() { Object = "promotion_tier", Id = tier }],
        Order = Order,
        Customer = Customer,
        TrackingId = TrackingId ?? call.Query["tracking_id"].ToString(),
        Metadata = Metadata,
        Options = Options,
    };
}

/// <summary>The promotions that a cart gets, in their hierarchy.</summary>
public sealed record PromotionsValidation(bool Valid, PromotionValidation[] Promotions, string TrackingId);

/// <summary>One promotion tier: what it is worth, or why it is not valid.</summary>
public sealed record PromotionValidation
{
    public required bool Valid { get; init; }
    public TargetList? ApplicableTo { get; init; }
    public TargetList? InapplicableTo { get; init; }
    public required string TrackingId { get; init; }
    public Order? Order { get; init; }
    public string? Reason { get; init; }
    public ErrorBody? Error { get; init; }
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? Banner { get; init; }
    public required Discount Discount { get; init; }
    public Moment? StartDate { get; init; }
    public Moment? ExpirationDate { get; init; }
    public TierCampaign? Campaign { get; init; }
    public required long Hierarchy { get; init; }
    public long? DiscountAmount { get; init; }
    public long? AppliedDiscountAmount { get; init; }
    public Category[]? Categories { get; init; }
    public required JsonElement Metadata { get; init; }
    public string Object => "promotion_tier";
}

/// <summary>The older validations of promotions: each tier is a stack of one, whose cart no other tier has touched.</summary>
static class PromotionValidating
{
    public static void Map(Api v1)
    {
        v1.Post<PromotionRequest, JsonElement>("/v1/promotions/validation", "validate-promotions", async (request, call) => WithoutNulls.Of(await All(request, call)));
        v1.Post<PromotionRequest, JsonElement>("/v1/promotions/tiers/{tierId}/validation", "validate-promotion-tier",
            async (request, call) => WithoutNulls.Of(await One(request, call)));
    }

    static async Task<PromotionsValidation> All(PromotionRequest request, Call call)
    {
        var stack = request.AsStack(call, null);
        var (filter, audienceOnly) = (PromotionFilter.Read(call), call.Flag("audienceRulesOnly"));
        var facts = await StackFacts.Load(stack, call, project => Open(project, filter, call.Now));
        if (audienceOnly) facts = facts with { Decision = facts.Decision with { Scope = RuleFamilies.Audience } };
        var tracking = ValidationFlow.TrackingId(stack, facts, call.Now);
        var promotions = facts.Entries
            .Select(entry => (Entry: entry, Decision: Deciding.Decide(facts.Decision with { Redeemables = [entry.Fact] })))
            .Where(one => one.Decision.Valid).Select(one => Show(stack, facts, one.Entry, one.Decision, tracking, call)).ToArray();
        return new PromotionsValidation(promotions.Length > 0, promotions, tracking);
    }

    // What is switched off or out of its dates need not be decided about.
    static IEnumerable<string> Open(ProjectSnapshot project, PromotionFilter filter, long now) => project.Tiers.Values
        .Where(tier => filter.Wants(tier) && Runs(tier.Schedule, now) && project.Campaign(tier.CampaignId) is { } campaign && Runs(campaign.Schedule, now))
        .OrderBy(tier => tier.Shown.Hierarchy).ThenBy(tier => tier.Id, StringComparer.Ordinal).Select(tier => tier.Id);

    static bool Runs(Schedule schedule, long now) => schedule.Active && !(now < schedule.StartsAt) && !(now > schedule.ExpiresAt);

    static async Task<PromotionValidation> One(PromotionRequest request, Call call)
    {
        var id = call.Route("tierId");
        var stack = request.AsStack(call, id);
        var facts = await StackFacts.Load(stack, call);
        var entry = facts.Entries[0];
        if (entry.Tier is null) throw new ApiFault(Refusals.Missing("promotion_tier", id));
        return Show(stack, facts, entry, Deciding.Decide(facts.Decision), ValidationFlow.TrackingId(stack, facts, call.Now), call);
    }

    static PromotionValidation Show(StackRequest request, StackFacts facts, StackEntry entry, Decision decision, string tracking, Call call)
    {
        var tier = entry.Tier!.Shown;
        var campaign = facts.Project.Campaign(tier.CampaignId)!;
        var answer = new PromotionValidation
        {
            Valid = decision.Valid,
            TrackingId = tracking,
            Id = tier.Id,
            Name = tier.Name,
            Banner = tier.Banner,
            Discount = ValidationFlow.Discount(tier.Action.Discount!, decision.Outcomes[0]),
            StartDate = tier.StartDate,
            ExpirationDate = tier.ExpirationDate,
            Campaign = TierCampaign.Of(campaign),
            Hierarchy = tier.Hierarchy,
            Metadata = tier.Metadata,
            Categories = request.Expands("category") ? facts.Categories(tier.CategoryId ?? campaign.CategoryId) : null,
        };
        if (decision.FirstRefusal is { } refusal) return answer with { Reason = refusal.Message, Error = ErrorBody.Of(refusal, call.RequestId) };
        return answer with
        {
            ApplicableTo = TargetList.Included(decision.Outcomes[0]),
            InapplicableTo = TargetList.Excluded(decision.Outcomes[0], facts.Decision.Cart),
            Order = decision.Cart is { } cart ? OrderFlow.Show(cart, ValidationFlow.Frame(request, facts)) : null,
            DiscountAmount = decision.Cart?.TotalDiscountAmount,
            AppliedDiscountAmount = decision.Cart?.TotalAppliedDiscountAmount,
        };
    }
}
