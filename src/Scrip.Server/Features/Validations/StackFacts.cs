using System.Data.Common;
using System.Text;
using Dapper;
using Scrip.Engine;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Promotions;
using Scrip.Server.Features.Rewards;
using Scrip.Server.Features.Segments;
using Scrip.Server.Features.Sessions;
using Scrip.Server.Features.Snapshots;
using Scrip.Server.Features.Stacking;
using Scrip.Server.Features.Usages;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Validations;

/// <summary>
/// Everything a validation or redemption is decided on, gathered in one round trip: the project's version, the
/// vouchers, the customer, the stored order, products and SKUs. Campaigns come from the node's snapshot, which is
/// reloaded first when its version is not the current one. Free units need the prices of their products: only
/// then there is a second round trip.
/// </summary>
public sealed record StackFacts(
    ProjectSnapshot Project, IReadOnlyList<StackEntry> Entries, InlineCustomer Customer, OrderRow? OrderRow, Order? Order, DecisionFacts Decision)
{
    /// <summary>The most redeemables a request may have, whatever the stacking rules say.</summary>
    const int RedeemablesMax = 30;

    const string Tier = "promotion_tier";
    const string Stack = "promotion_stack";

    /// <summary>The usage counters that rules look at.</summary>
    public UsageState Usage { get; init; } = UsageState.None;

    /// <summary>What an outcome is about.</summary>
    public StackEntry Of(RedeemableOutcome outcome) => Entries.First(entry => ReferenceEquals(entry.Fact, outcome.Redeemable));

    /// <summary>A category as answers about redeemables show it: a list of one, or of none.</summary>
    public Features.Categories.Category[] Categories(string? id) => Project.Category(id) is { } category
        ? [category with { StackingRulesType = StackingRulesView.TypeOf(Project.Stacking, category.Id) }]
        : [];

    /// <summary>Loads and checks.</summary>
    /// <exception cref="ApiFault">The request is malformed.</exception>
    public static Task<StackFacts> Load(StackRequest request, Call call) => Load(request, Check(request), call, null);

    /// <summary>Loads everything for the tiers that are chosen once the project's configuration is known.</summary>
    public static Task<StackFacts> Load(StackRequest request, Call call, Func<ProjectSnapshot, IEnumerable<string>> tiers)
    {
        CheckRest(request);
        return Load(request, [], call, tiers);
    }

    static async Task<StackFacts> Load(StackRequest request, RedeemableInput[] asked, Call call, Func<ProjectSnapshot, IEnumerable<string>>? tiers) =>
        // A rule that is newer than the version that was read is known when the version is read again.
        await Load(request, asked, call, tiers, false) ?? (await Load(request, asked, call, tiers, true))!;

    static async Task<StackFacts?> Load(StackRequest request, RedeemableInput[] asked, Call call, Func<ProjectSnapshot, IEnumerable<string>>? tiers, bool isLast)
    {
        var codes = asked.Where(one => one.Object == "voucher").Select(one => one.Id!).Distinct(StringComparer.Ordinal).ToArray();
        var snapshots = call.Need<SnapshotCache>();
        var known = snapshots.Known(call.ProjectId);
        (UsageCalendar, UsageKinds)? counting = known is { Counted.IsEmpty: false } ? (UsageCalendar.Of(call.Now, known.Zone, known.WeekStart), known.Counted) : null;
        var owners = counting is null ? [] : UsageLoading.Owners(known!, tiers?.Invoke(known!) ?? asked.Where(one => one.Object != "voucher").Select(one => one.Id!));
        var loaded = await new StackQuestion(request, call, codes, owners, counting, known is not { AsksSegments: false }).Ask();
        var project = await snapshots.Get(call.ProjectId, loaded.Version);
        if (!isLast && (loaded.Vouchers.Any(row => OwnRules(row).Any(rule => !project.Rules.ContainsKey(rule))) || (project.AsksSegments && known is { AsksSegments: false }))) return null;
        var wanted = tiers is null ? Expanded(asked, project) : [.. tiers(project).Select(id => new Wanted(TierInput(id), project.Tier(id), null))];
        var stored = loaded.Order is null ? null : Wire.Read<Order>(loaded.Order.Body);
        var units = await Units(call, loaded.Vouchers, wanted.Select(one => one.Tier).OfType<TierSnapshot>(), project.Collections.Count == 0 ? [] : OrderFlow.Continued(request.Order, stored));
        var entries = wanted.Select(one => Entry(one, loaded.Vouchers, project, units, call.Now)).ToArray();
        var cart = request.Order is null ? null : OrderFlow.Open(request.Order, stored, loaded.Lines);
        cart = LineCollections.Mark(cart, project.Collections, [loaded.Lines, units], call.Now);
        var customer = InlineCustomer.Of(loaded.Customer, request.Customer, call.ProjectId, call.Now);
        var facts = entries.Select(entry => entry.Fact).ToArray();
        var situation = Situation(request, stored, customer, loaded.Segments, project, call);
        var used = await UsageLoading.Complete(call, project, facts, cart, situation, known != project && entries.Any(entry => entry.Tier is not null) ? null : loaded.Usage, counting);
        return new StackFacts(project, entries, customer, loaded.Order, stored, new DecisionFacts(cart, facts, project.Stacking, situation with { Usage = used.Facts })) { Usage = used };
    }

    internal static string[] OwnRules(VoucherRow row) => row.RuleIds?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    internal static Situation Situation(StackRequest request, Order? stored, InlineCustomer customer, IReadOnlyList<string> segments, ProjectSnapshot project, Call call) => new()
    {
        NowMs = call.Now,
        Zone = project.Zone,
        WeekStart = project.WeekStart,
        Customer = customer.Row is { } row ? Facts(row, segments, project, call.Now) : null,
        OrderMetadata = new(OrderFlow.MergedMetadata(stored, request.Order)),
        RedemptionMetadata = request.Metadata is { } metadata ? new(metadata) : Metadata.None,
        ApiKey = call.Caller.AppId,
    };

    static CustomerFacts Facts(CustomerRow row, IReadOnlyList<string> segments, ProjectSnapshot project, long now)
    {
        var facts = CustomerFlow.Facts(row);
        return project.AsksSegments ? facts with { Segments = SegmentSnapshot.Of(project.Segments, segments, row, project.Zone, now), LoyaltyTiers = SegmentSnapshot.Tiers(segments) } : facts;
    }

    static RedeemableInput[] Check(StackRequest request)
    {
        if (request.Redeemables is not { } list) throw Checks.Wrong("", "should have required property 'redeemables'");
        if (list.Length == 0) throw Checks.Wrong("redeemables", "must NOT have fewer than 1 items");
        if (list.Length > RedeemablesMax) throw Checks.Wrong("redeemables", $"must NOT have more than {RedeemablesMax} items");
        for (var i = 0; i < list.Length; i++)
        {
            var one = list[i] ?? throw Checks.Wrong($"redeemables[{i}]", "must be object");
            if (string.IsNullOrEmpty(one.Id)) throw Checks.Wrong($"redeemables[{i}]", "should have required property 'id'");
            if (one.Object is null) throw Checks.Wrong($"redeemables[{i}]", "should have required property 'object'");
            Checks.OneOf(one.Object, $"redeemables[{i}].object", "voucher", Tier, Stack);
            if (one.Gift?.Credits <= 0) throw Checks.Wrong($"redeemables[{i}].gift.credits", "must be > 0");
            if (one.Reward?.Points <= 0) throw Checks.Wrong($"redeemables[{i}].reward.points", "must be > 0");
            if (one.Reward?.Points > Money.Max) throw Checks.Wrong($"redeemables[{i}].reward.points", $"must be <= {Money.Max}");
            Checks.Text(one.Reward?.Id, $"redeemables[{i}].reward.id");
            Checks.Text(one.Reward?.AssignmentId, $"redeemables[{i}].reward.assignment_id");
            Checks.Text(one.Id, $"redeemables[{i}].id");
            if (one.Object == Stack && list.Length > 1)
                throw new ApiFault(Refusals.InvalidRedeemables.With("A promotion stack cannot be combined with other redeemables"));
        }
        CheckRest(request);
        return list;
    }

    static void CheckRest(StackRequest request)
    {
        request.Session?.Checked();
        Checks.Text(request.TrackingId, "tracking_id", 1000);
        if (request.Metadata is not null) Checks.Metadata(request.Metadata);
        if (request.Customer is { } customer) CustomerFlow.Check(customer, "customer.");
    }

    // A stack stands for its tiers; one that was deleted since is not part of it any more.
    static Wanted[] Expanded(RedeemableInput[] asked, ProjectSnapshot project)
    {
        if (asked is not [{ Object: Stack, Id: { } id }]) return [.. asked.Select(one => new Wanted(one, one.Object == Tier ? project.Tier(one.Id!) : null, null))];
        var tiers = project.Stack(id)?.TierIds.Select(project.Tier).OfType<TierSnapshot>().ToArray();
        return tiers is { Length: > 0 }
            ? [.. tiers.Select(tier => new Wanted(TierInput(tier.Id), tier, id))]
            : throw new ApiFault(Refusals.Missing(Stack, id));
    }

    static RedeemableInput TierInput(string id) => new() { Object = Tier, Id = id };

    // Prices of what UNIT discounts give away, and the products of an order that is continued: both are known only now.
    internal static Task<LineFacts> Units(Call call, List<VoucherRow> vouchers, IEnumerable<TierSnapshot> tiers, IEnumerable<string> continued)
    {
        var names = vouchers.SelectMany(VoucherFacts.GoodsOf).Concat(tiers.SelectMany(tier => tier.Goods)).Concat(continued)
            .Distinct(StringComparer.Ordinal).ToArray();
        return names.Length == 0 ? Task.FromResult(LineFacts.Empty) : call.Db.Read(db => LineFacts.Load(db, call.Db.Dialect, call.ProjectId, names));
    }

    // A code beats an id; what lies in the bin, or whose campaign does, is not there.
    static VoucherRow? Pick(List<VoucherRow> rows, string name, ProjectSnapshot project)
    {
        var row = rows.Find(one => one.Code == name) ?? rows.Find(one => one.Id == name);
        return row is null || row.DeletedAt is not null || (row.CampaignId is { } campaign && project.Campaign(campaign) is null) ? null : row;
    }

    static StackEntry Entry(Wanted one, List<VoucherRow> vouchers, ProjectSnapshot project, LineFacts units, long now)
    {
        if (one.Tier is { } tier) return new(one.Input, Fact(one.Input.Id!, tier, one.StackId, project, units, now), null, tier);
        var row = one.Input.Object == "voucher" ? Pick(vouchers, one.Input.Id!, project) : null;
        if (row is not null && project.Campaign(row.CampaignId)?.CampaignType == CampaignTypes.Referral) row = row with { CampaignType = CampaignTypes.Referral };
        var fact = Fact(one.Input, row, project, units, now);
        if (fact is not VoucherRedeemable { Benefit: PointsBenefit card } voucher) return new(one.Input, fact, row);
        var reward = Reward(one.Input.Reward, row!.CampaignId, project);
        return new(one.Input, voucher with { Benefit = card with { Reward = TermsOf(one.Input.Reward, reward, row.CampaignId), Points = one.Input.Reward?.Points } }, row) { Reward = reward };
    }

    // The reward that the campaign of the card gives; null when none was named, or it gives no such one.
    static RewardSnapshot? Reward(RewardWish? named, string? campaign, ProjectSnapshot project)
    {
        if (campaign is null || named is null) return null;
        var reward = named.Id is { Length: > 0 } id ? project.Rewards.GetValueOrDefault(id) : project.Rewards.Values.FirstOrDefault(one => one.Assignments.GetValueOrDefault(campaign)?.Id == named.AssignmentId);
        return reward?.Assignments.GetValueOrDefault(campaign) is { } assignment && (string.IsNullOrEmpty(named.AssignmentId) || named.AssignmentId == assignment.Id) ? reward : null;
    }

    static PointsReward? TermsOf(RewardWish? named, RewardSnapshot? reward, string? campaign) =>
        Fixed(reward?.TermsOf(campaign!), named) ?? ((named?.Id is { Length: > 0 } id ? id : named?.AssignmentId) is { Length: > 0 } unknown ? new UnknownReward(unknown) : null);

    // What has a price costs neither more nor less.
    static PointsReward? Fixed(PointsReward? terms, RewardWish? named) => terms is PricedReward priced && named?.Points is { } points && points != priced.Cost
        ? throw Checks.Wrong("reward.points", $"must be {priced.Cost}, which the reward costs, or left out")
        : terms;

    internal static TierRedeemable Fact(string requestedId, TierSnapshot tier, string? stackId, ProjectSnapshot project, LineFacts units, long now)
    {
        var campaign = project.Campaign(tier.CampaignId)!;
        return new TierRedeemable(requestedId)
        {
            Id = tier.Id,
            CampaignId = tier.CampaignId,
            StackId = stackId,
            Schedule = tier.Schedule,
            Campaign = campaign.Schedule,
            Rules = project.RulesOf(tier.CampaignId, null, tier.Id),
            Benefit = new DiscountBenefit(tier.Discount is UnitOff off ? Priced(off, units, project, now) : tier.Discount),
            Metadata = tier.Metadata,
            Category = project.Category(tier.Shown.CategoryId ?? campaign.CategoryId)?.ToFact(),
        };
    }

    internal static Redeemable Fact(RedeemableInput input, VoucherRow? row, ProjectSnapshot project, LineFacts units, long now)
    {
        if (row is null) return new UnknownRedeemable(input.Id!, input.Object!);
        var fact = VoucherFacts.Of(row, project.Campaign(row.CampaignId)?.ScheduleOf(row), input.Id!, input.Gift?.Credits);
        if (fact is VoucherRedeemable known)
            fact = known with
            {
                IsReferral = row.CampaignType == CampaignTypes.Referral,
                Rules = project.RulesOf(row.CampaignId, OwnRules(row)),
                Category = project.Category(row.CategoryId ?? project.Campaign(row.CampaignId)?.CategoryId)?.ToFact(),
            };
        return fact is VoucherRedeemable { Benefit: DiscountBenefit { Discount: UnitOff off } } voucher
            ? voucher with { Benefit = new DiscountBenefit(Priced(off, units, project, now)) }
            : fact;
    }

    static UnitOff Priced(UnitOff off, LineFacts units, ProjectSnapshot project, long now) =>
        new([.. off.Units.Select(unit => Priced(unit, units, project, now))]);

    static FreeUnit Priced(FreeUnit unit, LineFacts units, ProjectSnapshot project, long now)
    {
        if (unit.CollectionId is not null) return unit;
        var (product, sku) = (units.Product(unit.ProductId), units.Sku(unit.SkuId));
        return unit with
        {
            ProductId = sku?.ProductId ?? unit.ProductId,
            Price = sku?.Price ?? product?.Price ?? units.Product(sku?.ProductId)?.Price,
            SourceId = sku?.SourceId ?? (unit.SkuId is null ? product?.SourceId : null) ?? unit.SourceId,
            Collections = LineCollections.Of(product ?? units.Product(sku?.ProductId), sku, project.Collections, now),
            Tag = new LineTag(LineFacts.ProductSnapshot(null, product ?? units.Product(sku?.ProductId)), LineFacts.SkuSnapshot(null, sku), null),
        };
    }

    // What is asked for, with the tier when there is one and the stack that brought it along.
    sealed record Wanted(RedeemableInput Input, TierSnapshot? Tier, string? StackId);
}

/// <summary>One thing of a request to redeem.</summary>
/// <param name="Input">What was asked for.</param>
/// <param name="Fact">What the engine knows of it.</param>
/// <param name="Voucher">The stored voucher; null when there is none.</param>
/// <param name="Tier">The promotion tier; null when there is none.</param>
public sealed record StackEntry(RedeemableInput Input, Redeemable Fact, VoucherRow? Voucher, TierSnapshot? Tier = null)
{
    /// <summary>What the points of a loyalty card are to buy; null when it is none, or is not for sale.</summary>
    public RewardSnapshot? Reward { get; init; }
}
