using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;
using EngineDiscount = Scrip.Engine.Discounts.Discount;

namespace Scrip.Server.Features.Promotions;

/// <summary>What deciding needs to know of a tier, made once for each change of it.</summary>
public sealed record TierSnapshot
{
    public required string Id { get; init; }
    public required string CampaignId { get; init; }
    /// <summary>Whether it is active, from when until when, and its recurring times.</summary>
    public required Schedule Schedule { get; init; }
    /// <summary>What it takes off; free units are without the prices of their products.</summary>
    public required EngineDiscount Discount { get; init; }
    /// <summary>The ids of products and SKUs that it gives away; empty for most.</summary>
    public required IReadOnlyList<string> Goods { get; init; }
    /// <summary>Custom attributes.</summary>
    public required Metadata Metadata { get; init; }
    /// <summary>The tier as answers show it, without its campaign. Its hierarchy says which goes first.</summary>
    public required PromotionTier Shown { get; init; }

    /// <summary>Reads a row.</summary>
    internal static TierSnapshot Of(TierRow row)
    {
        var shown = PromotionTier.Of(row);
        return new TierSnapshot
        {
            Id = row.Id,
            CampaignId = row.CampaignId,
            Schedule = new(row.Active, row.StartsAt, row.ExpiresAt, VoucherFacts.Frame(shown.ValidityTimeframe, shown.ValidityDayOfWeek, shown.ValidityHours)),
            Discount = VoucherFacts.DiscountOf(shown.Action.Discount!),
            Goods = VoucherFacts.GoodsOf(shown.Action.Discount!),
            Metadata = new(shown.Metadata),
            Shown = shown,
        };
    }
}

/// <summary>What deciding needs to know of a stack: its tiers in their order.</summary>
public sealed record StackSnapshot(string Id, string CampaignId, IReadOnlyList<string> TierIds)
{
    public required string Name { get; init; }
    /// <summary>When it was made, in Unix milliseconds.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Reads a row.</summary>
    internal static StackSnapshot Of(StackRow row) => new(row.Id, row.CampaignId, Wire.Read<StackTiers>(row.Body).Ids!) { Name = row.Name, CreatedAt = row.CreatedAt };
}
