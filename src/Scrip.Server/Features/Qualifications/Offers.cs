using System.Runtime.CompilerServices;
using Scrip.Engine.Discounts;
using Scrip.Engine.Qualifying;
using Scrip.Engine.Redeeming;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Promotions;
using Scrip.Server.Features.Snapshots;
using Scrip.Server.Features.Validations;
using Scrip.Server.Features.Vouchers;

namespace Scrip.Server.Features.Qualifications;

/// <summary>
/// What a project's configuration offers: promotion tiers and stacks, and campaigns whose codes are published one by
/// one. Made once for each snapshot, sorted newest first.
/// </summary>
sealed class Offers
{
    // Dies with its snapshot.
    static readonly ConditionalWeakTable<ProjectSnapshot, Offers> Known = [];

    Offers(ProjectSnapshot project)
    {
        Campaigns = Sorted(project.Campaigns.Values.Where(IsPublished).Select(campaign => OfCampaign(campaign, project)));
        Promotions = Sorted(project.Tiers.Values.Select(tier => OfTier(tier, project, LineFacts.Empty, 0)).OfType<Offer>());
        Stacks = Sorted(project.Stacks.Values.Select(stack => OfStack(stack, project, LineFacts.Empty, 0)).OfType<Offer>());
        Giving = [.. Promotions.Where(Gives).Select(offer => offer.Tier!)];
        Redeemable = Merge(Promotions, Stacks);
        Everything = Merge(Redeemable, Campaigns);
    }

    /// <summary>Campaigns of codes that customers are given one by one.</summary>
    public IReadOnlyList<Offer> Campaigns { get; }

    IReadOnlyList<Offer> Promotions { get; }
    IReadOnlyList<Offer> Stacks { get; }
    IReadOnlyList<Offer> Redeemable { get; }
    IReadOnlyList<Offer> Everything { get; }

    /// <summary>The tiers that give products away, whose prices every request has to look up.</summary>
    public IReadOnlyList<TierSnapshot> Giving { get; }

    /// <summary>The offers of a snapshot.</summary>
    public static Offers Of(ProjectSnapshot project) => Known.GetValue(project, static made => new Offers(made));

    /// <summary>Those a scenario answers, sorted newest first. Only what is redeemed with a whole order has stacks.</summary>
    public IReadOnlyList<Offer> For(Scenario scenario) => scenario switch
    {
        Scenario.CustomerWallet => [],
        Scenario.PromotionStacks => Stacks,
        Scenario.All => Redeemable,
        _ => Everything,
    };

    /// <summary>The offers with the prices of what they give away.</summary>
    public static IReadOnlyList<Offer> Priced(IReadOnlyList<Offer> offers, ProjectSnapshot project, LineFacts units, long now) => [.. offers.Select(offer =>
        !Gives(offer) ? offer
        : offer.Tier is { } tier ? OfTier(tier, project, units, now)!
        : offer.Stack is { } stack ? OfStack(stack, project, units, now)! : offer)];

    // Campaigns show what each of their codes would give, whatever it costs.
    static bool Gives(Offer offer) => offer.Parts.Any(part => part is TierRedeemable { Benefit: DiscountBenefit { Discount: UnitOff } });

    /// <summary>Joins two lists that are sorted newest first.</summary>
    public static List<Offer> Merge(IReadOnlyList<Offer> ones, IReadOnlyList<Offer> others)
    {
        var merged = new List<Offer>(ones.Count + others.Count);
        var (i, k) = (0, 0);
        while (i < ones.Count && k < others.Count)
            merged.Add(Candidate.NewestFirst(ones[i], others[k]) <= 0 ? ones[i++] : others[k++]);
        while (i < ones.Count) merged.Add(ones[i++]);
        while (k < others.Count) merged.Add(others[k++]);
        return merged;
    }

    /// <summary>Sorts newest first.</summary>
    public static List<Offer> Sorted(IEnumerable<Offer> offers)
    {
        var sorted = offers.ToList();
        sorted.Sort(Candidate.NewestFirst);
        return sorted;
    }

    // A generic code is answered itself, not its campaign.
    static bool IsPublished(CampaignSnapshot campaign) =>
        campaign.Type != "STANDALONE" && campaign.Voucher.Type is VoucherTypes.Discount or VoucherTypes.Gift;

    // What belongs to a campaign in the bin is not there.
    static Offer? OfTier(TierSnapshot tier, ProjectSnapshot project, LineFacts units, long now) => project.Campaign(tier.CampaignId) is not { } campaign ? null
        : new(tier.Id, tier.Shown.CreatedAt.Ms, [StackFacts.Fact(tier.Id, tier, null, project, units, now)]) { Object = Offer.TierObject, Campaign = campaign, Tier = tier };

    static Offer? OfStack(StackSnapshot stack, ProjectSnapshot project, LineFacts units, long now)
    {
        var parts = stack.TierIds.Select(project.Tier).OfType<TierSnapshot>().Select(tier => StackFacts.Fact(tier.Id, tier, stack.Id, project, units, now)).ToArray();
        return parts.Length == 0 || project.Campaign(stack.CampaignId) is not { } campaign ? null
            : new(stack.Id, stack.CreatedAt, parts) { Object = Offer.StackObject, Campaign = campaign, Stack = stack };
    }

    static Offer OfCampaign(CampaignSnapshot campaign, ProjectSnapshot project) => new(campaign.Id, campaign.CreatedAt, [new CampaignRedeemable(campaign.Id)
    {
        Id = campaign.Id,
        CampaignId = campaign.Id,
        Schedule = campaign.Schedule,
        Category = project.Category(campaign.CategoryId)?.ToFact(),
        Rules = project.RulesOf(campaign.Id, null),
        Benefit = BenefitOf(campaign.Voucher),
    }])
    { Object = Offer.CampaignObject, Campaign = campaign };

    static Benefit BenefitOf(CampaignVoucherInput voucher) => voucher.Type == VoucherTypes.Gift
        ? new GiftBenefit(voucher.Gift?.Amount ?? 0, null, voucher.Gift?.Effect == "APPLY_TO_ITEMS" ? GiftEffect.ApplyToItems : GiftEffect.ApplyToOrder)
        : new DiscountBenefit(VoucherFacts.DiscountOf(voucher.Discount!));
}
