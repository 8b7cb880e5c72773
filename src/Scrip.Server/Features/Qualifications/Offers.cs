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
/// one. Made when a project is first asked, then changed with its configuration: a saved tier costs one tier.
/// </summary>
sealed class Offers
{
    readonly CandidateIndex<Offer> tiers;
    readonly CandidateIndex<Offer> stacks;
    readonly CandidateIndex<Offer> campaigns;

    Offers(CandidateIndex<Offer> tiers, CandidateIndex<Offer> stacks, CandidateIndex<Offer> campaigns) =>
        (this.tiers, this.stacks, this.campaigns) = (tiers, stacks, campaigns);

    /// <summary>The offers of a snapshot.</summary>
    public static Offers Of(ProjectSnapshot project) => project.Derived.Get(() => Made(project), (before, changes) => before.After(project, changes));

    static Offers Made(ProjectSnapshot project) => new(
        CandidateIndex.Of<Offer>(project.Tiers.Values.Select(tier => OfTier(tier, project, LineFacts.Empty, 0)).OfType<Offer>()),
        CandidateIndex.Of<Offer>(project.Stacks.Values.Select(stack => OfStack(stack, project, LineFacts.Empty, 0)).OfType<Offer>()),
        CandidateIndex.Of<Offer>(project.Campaigns.Values.Select(campaign => OfCampaign(campaign, project)).OfType<Offer>()));

    Offers After(ProjectSnapshot project, SnapshotChanges changes)
    {
        // A category belongs to very many, and seldom changes.
        if (changes.Categories.Count > 0) return Made(project);
        var ofTiers = Changed(tiers, changes.Tiers, changes);
        var ofCampaigns = Changed(campaigns, changes.Campaigns, changes);
        if (changes.Campaigns.Count + changes.Assigned.Count > 0)
            foreach (var tier in project.Tiers.Values)
                if (changes.Campaigns.Contains(tier.CampaignId) || changes.Assigned.Contains(tier.CampaignId)) ofTiers.Add(tier.Id);
        var ofStacks = Changed(stacks, changes.Stacks, changes);
        foreach (var stack in project.Stacks.Values)
            if (changes.Campaigns.Contains(stack.CampaignId) || stack.TierIds.Any(ofTiers.Contains)) ofStacks.Add(stack.Id);
        return new(
            tiers.With(ofTiers, ofTiers.Select(id => project.Tiers.GetValueOrDefault(id) is { } tier ? OfTier(tier, project, LineFacts.Empty, 0) : null).OfType<Offer>()),
            stacks.With(ofStacks, ofStacks.Select(id => project.Stacks.GetValueOrDefault(id) is { } stack ? OfStack(stack, project, LineFacts.Empty, 0) : null).OfType<Offer>()),
            campaigns.With(ofCampaigns, ofCampaigns.Select(id => project.Campaign(id) is { } campaign ? OfCampaign(campaign, project) : null).OfType<Offer>()));
    }

    // Those that changed themselves, whose campaign did, or one of their rules.
    static HashSet<string> Changed(CandidateIndex<Offer> offers, IReadOnlySet<string> own, SnapshotChanges changes)
    {
        var changed = new HashSet<string>(own, StringComparer.Ordinal);
        changed.UnionWith(changes.Assigned);
        if (changes.Campaigns.Count + changes.Rules.Count > 0)
            foreach (var offer in offers.Items)
                if (changes.Campaigns.Contains(offer.Campaign!.Id) || offer.Parts.Any(part => part.Rules.Any(rule => changes.Rules.Contains(rule.Source.Id)))) changed.Add(offer.Id);
        return changed;
    }

    /// <summary>Campaigns of codes that customers are given one by one, as far as they may qualify, newest first.</summary>
    public IReadOnlyList<Offer> PossibleCampaigns(Qualifier qualifier) => campaigns.Possible(qualifier);

    /// <summary>Those a scenario answers as far as they may qualify, newest first. Only what is redeemed with a whole order has stacks.</summary>
    public IReadOnlyList<Offer> Possible(Qualifier qualifier, Scenario scenario)
    {
        if (scenario == Scenario.CustomerWallet) return [];
        var ofStacks = stacks.Possible(qualifier);
        if (scenario == Scenario.PromotionStacks) return ofStacks;
        var redeemable = Candidate.Joined(tiers.Possible(qualifier), ofStacks);
        return scenario == Scenario.All ? redeemable : Candidate.Joined(redeemable, campaigns.Possible(qualifier));
    }

    /// <summary>The offers with the prices of what they give away.</summary>
    public static IReadOnlyList<Offer> Priced(IReadOnlyList<Offer> offers, ProjectSnapshot project, LineFacts units, long now) => [.. offers.Select(offer =>
        !Gives(offer) ? offer
        : offer.Tier is { } tier ? OfTier(tier, project, units, now)!
        : offer.Stack is { } stack ? OfStack(stack, project, units, now)! : offer)];

    /// <summary>The tiers among the offers that give products away, whose prices every request has to look up.</summary>
    public static IEnumerable<TierSnapshot> Giving(IReadOnlyList<Offer> offers, ProjectSnapshot project) =>
        offers.Where(Gives).SelectMany(offer => offer.Parts).OfType<TierRedeemable>().Select(part => project.Tier(part.Id)).OfType<TierSnapshot>();

    // Campaigns show what each of their codes would give, whatever it costs.
    static bool Gives(Offer offer) => offer.Parts.Any(part => part is TierRedeemable { Benefit: DiscountBenefit { Discount: UnitOff } });

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

    static Offer? OfCampaign(CampaignSnapshot campaign, ProjectSnapshot project) => !IsPublished(campaign) ? null : new(campaign.Id, campaign.CreatedAt, [new CampaignRedeemable(campaign.Id)
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
