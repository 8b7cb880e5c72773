using Scrip.Engine.Qualifying;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Rules;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Promotions;
using Scrip.Server.Features.Rewards;
using Scrip.Server.Features.Stacking;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Features.Validations;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Qualifications;

/// <summary>What qualified, in the API's words.</summary>
/// <param name="input">What was asked.</param>
/// <param name="facts">What it was decided on.</param>
/// <param name="expand">Parts that are answered on demand.</param>
/// <param name="assignments">The rules of what qualified, where they are asked for.</param>
sealed class QualificationView(
    QualificationInput input, QualificationFacts facts, IReadOnlyCollection<string> expand, ILookup<string, RuleAssignment> assignments)
{
    readonly Order frame = FrameOf(input, facts);

    /// <summary>The answer.</summary>
    public Qualification Show(QualifyingPage page, Call call) => new()
    {
        Redeemables = new("data", [.. page.Items.Select(item => expand.Contains("trace") && call.Caller.Kind == KeyKind.Server ? Traced(item) : Show(item))])
        {
            Total = page.Items.Count,
            HasMore = page.Next is not null,
            MoreStartingAfter = CursorText.Write(page.Next),
        },
        TrackingId = ValidationFlow.TrackingId(input.TrackingId, facts.Customer.Row?.SourceId, call.Now),
        Order = Bare(),
        StackingRules = StackingRulesView.Of(facts.Project.Stacking),
    };

    QualifiedRedeemable Traced(Qualified qualified)
    {
        var shown = Show(qualified);
        var traces = TraceView.Of(
            new DecisionFacts(facts.Cart, qualified.Candidate.Parts, facts.Project.Stacking, facts.Situation), new Decision(true, null, qualified.Outcomes, qualified.Cart));
        return shown.Redeemables is { } parts
            ? shown with { Redeemables = [.. parts.Select((part, i) => part with { Trace = traces[i] })] }
            : shown with { Trace = traces[0] };
    }

    QualifiedRedeemable Show(Qualified qualified)
    {
        var offer = (Offer)qualified.Candidate;
        var shown = new QualifiedRedeemable
        {
            Id = offer.Name,
            Object = offer.Object,
            CreatedAt = new(offer.CreatedAt),
            Order = facts.Cart is null || qualified.Cart is not { } cart ? null : OrderFlow.Show(cart, frame),
            Categories = expand.Contains("category") ? CategoriesOf(offer.Parts) : null,
        };
        shown = shown with { ValidationRulesAssignments = offer.Stack is null ? Rules(offer.Id, offer.Campaign?.Id, qualified.Outcomes[0]) : null };
        if (offer.Stack is not null) return Expanded(shown with { Redeemables = [.. qualified.Outcomes.Select(Part)] }, offer);
        return Expanded(shown with
        {
            Result = Result(offer.Voucher, offer.Tier, offer.Campaign, qualified.Outcomes[0]),
            ApplicableTo = TargetList.Included(qualified.Outcomes[0]),
            InapplicableTo = TargetList.Excluded(qualified.Outcomes[0], facts.Cart),
        }, offer);
    }

    ListOf<QualifiedAssignment>? Rules(string id, string? campaignId, RedeemableOutcome outcome)
    {
        if (!expand.Contains("validation_rules")) return null;
        var all = assignments[id].Concat(campaignId is null || campaignId == id ? [] : assignments[campaignId]).Select(one => Rule(one, outcome)).ToArray();
        return new("data", all) { Total = all.Length };
    }

    static QualifiedAssignment Rule(RuleAssignment assignment, RedeemableOutcome outcome)
    {
        var omitted = outcome.Steps.Where(step => step.Holds is null && step.RuleId == assignment.RuleId).Select(step => step.Path.Split('.')[0]).Distinct().ToArray();
        return new QualifiedAssignment
        {
            Id = assignment.Id,
            RuleId = assignment.RuleId,
            RelatedObjectId = assignment.RelatedObjectId,
            RelatedObjectType = assignment.RelatedObjectType,
            CreatedAt = assignment.CreatedAt,
            ValidationStatus = omitted.Length > 0 ? "PARTIALLY_VALID" : "VALID",
            ValidationOmittedRules = omitted.Length > 0 ? omitted : null,
        };
    }

    // A tier of a stack, on the order as those before it left it.
    QualifiedRedeemable Part(RedeemableOutcome outcome)
    {
        var incentive = (Incentive)outcome.Redeemable;
        var tier = facts.Project.Tier(incentive.Id)!;
        return Expanded(new QualifiedRedeemable
        {
            Id = incentive.Id,
            Object = Offer.TierObject,
            CreatedAt = tier.Shown.CreatedAt,
            Result = Result(null, tier, null, outcome),
            Order = outcome.Cart is { } cart ? OrderFlow.Show(cart, frame) : null,
            ApplicableTo = TargetList.Included(outcome),
            InapplicableTo = TargetList.Excluded(outcome, facts.Cart),
            Categories = expand.Contains("category") ? CategoriesOf([incentive]) : null,
            ValidationRulesAssignments = Rules(incentive.Id, tier.CampaignId, outcome),
        }, new Offer(incentive.Id, tier.Shown.CreatedAt.Ms, [incentive]) { Object = Offer.TierObject, Tier = tier, Campaign = facts.Project.Campaign(tier.CampaignId) });
    }

    QualifiedRedeemable Expanded(QualifiedRedeemable shown, Offer offer) => !expand.Contains("redeemable") ? shown : shown with
    {
        Metadata = offer.Tier?.Shown.Metadata ?? Checks.Metadata(offer.Voucher is { } row ? Wire.Read<VoucherBody>(row.Body).Metadata : offer.Object == Offer.CampaignObject ? offer.Campaign?.Metadata : null),
        Name = offer.Tier?.Shown.Name ?? offer.Stack?.Name ?? (offer.Object == Offer.CampaignObject ? offer.Campaign!.Name : null),
        Banner = offer.Tier?.Shown.Banner,
        CampaignId = offer.Object == Offer.CampaignObject ? null : offer.Campaign?.Id,
        CampaignName = offer.Object == Offer.CampaignObject ? null : offer.Campaign?.Name,
    };

    QualifiedResult Result(VoucherRow? row, TierSnapshot? tier, CampaignSnapshot? campaign, RedeemableOutcome outcome)
    {
        var bundle = outcome.Bundles is { } bundles ? Bundle(bundles) : null;
        if (((Incentive)outcome.Redeemable).Benefit is GiftBenefit gift)
            return new() { Gift = new() { Balance = gift.Balance - (outcome.Credits ?? 0), Credits = outcome.Credits, LockedCredits = Locked(row) }, Bundle = bundle };
        if (((Incentive)outcome.Redeemable).Benefit is PointsBenefit card) return new() { LoyaltyCard = Points(card, row!), Bundle = bundle };
        var stored = tier?.Shown.Action.Discount ?? (row is null ? campaign!.Voucher.Discount : Wire.Read<VoucherBody>(row.Body).Discount);
        return new() { Discount = ValidationFlow.Discount(stored!, outcome), Bundle = bundle };
    }

    QualifiedPoints Points(PointsBenefit card, VoucherRow row)
    {
        var coin = facts.Project.Rewards.Values.Where(reward => row.CampaignId is { } campaign && reward.Assignments.ContainsKey(campaign)).Select(reward => reward.Reward.Parameters.Coin).OfType<RewardCoin>().FirstOrDefault();
        return new() { Points = row.GiftAmount, Balance = card.Balance, ExchangeRatio = coin?.ExchangeRatio?.GetDecimal(), PointsRatio = coin?.PointsRatio?.GetInt64() };
    }

    static QualifiedBundle Bundle(BundleCount bundles) => new()
    {
        Quantity = bundles.Quantity,
        Limit = bundles.Limit,
        Identified = [.. bundles.Identified.Select(part => new QualifiedBundlePart { Id = part.Id, Object = part.Object, ItemIndex = part.Lines[0], ItemQuantity = part.Quantity })],
        Missing = [.. bundles.Missing.Select(part => new QualifiedBundlePart { Id = part.Id, Object = part.Object, ItemQuantity = part.Quantity })],
    };

    long? Locked(VoucherRow? row) => input.Session?.Type == "LOCK" ? row?.CreditsHeldByOthers : null;

    Categories.Category[] CategoriesOf(IReadOnlyList<Incentive> parts) =>
    [
        .. parts.Select(part => facts.Project.Category(part.Category?.Id)).OfType<Categories.Category>().DistinctBy(category => category.Id)
            .Select(category => category with { StackingRulesType = StackingRulesView.TypeOf(facts.Project.Stacking, category.Id) }),
    ];

    // The lines as they are without any redeemable; sums are for those who redeem.
    Order? Bare()
    {
        if (facts.Cart is not { } cart) return null;
        var shown = OrderFlow.Show(cart, frame);
        return frame with
        {
            Items = shown.Items is null ? null : [.. shown.Items.Select((item, i) => item with { Amount = input.Order?.Items?.ElementAtOrDefault(i)?.Amount, SubtotalAmount = null })],
        };
    }

    static Order FrameOf(QualificationInput input, QualificationFacts facts) => new()
    {
        Id = facts.Stored?.Id,
        SourceId = facts.Stored?.SourceId ?? input.Order?.SourceId,
        Status = input.Order?.Status ?? facts.Stored?.Status,
        CreatedAt = facts.Stored?.CreatedAt,
        UpdatedAt = facts.Stored?.UpdatedAt,
        Metadata = OrderFlow.MergedMetadata(facts.Stored, input.Order),
        Customer = facts.Customer.Stored is { } known ? new ObjectRef(known.Id, "customer") : facts.Stored?.Customer,
        CustomerId = facts.Customer.Stored?.Id ?? facts.Stored?.CustomerId,
        Referrer = facts.Stored?.Referrer,
        ReferrerId = facts.Stored?.ReferrerId,
        Redemptions = facts.Stored?.Redemptions,
    };
}
