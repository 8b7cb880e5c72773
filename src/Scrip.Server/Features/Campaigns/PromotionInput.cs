using System.Data.Common;
using System.Text.Json;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Campaigns;

/// <summary>What a caller says of the promotion of a new PROMOTION campaign.</summary>
public sealed record PromotionInput(PromotionTierInput[]? Tiers);

/// <summary>What a caller may set on a promotion tier; absent fields keep their value in an update.</summary>
public sealed record PromotionTierInput
{
    public string? Name { get; init; }
    public string? Banner { get; init; }
    public TierAction? Action { get; init; }
    public JsonElement? Metadata { get; init; }
    public long? Hierarchy { get; init; }
    public bool? Active { get; init; }
    public Moment? StartDate { get; init; }
    public Moment? ExpirationDate { get; init; }
    public ValidityTimeframe? ValidityTimeframe { get; init; }
    public long[]? ValidityDayOfWeek { get; init; }
    public ValidityHours? ValidityHours { get; init; }
    public string? Category { get; init; }
    public string? CategoryId { get; init; }
    public string[]? ValidationRules { get; init; }
    /// <summary>The other way to name rules: of a new tier those listed are assigned; an update does not read it.</summary>
    public TierAssignments? ValidationRuleAssignments { get; init; }
}

/// <summary>Rules as a list of assignments.</summary>
public sealed record TierAssignments(TierAssignment[]? Data);

/// <summary>One of them; only the rule matters.</summary>
public sealed record TierAssignment(string? RuleId);

/// <summary>What a tier does to a cart.</summary>
public sealed record TierAction(Discount? Discount);

/// <summary>
/// What campaigns want of promotions. Promotions know campaigns, so campaigns are handed this when the server is put
/// together, and the arrows keep pointing one way.
/// </summary>
/// <param name="Add">Adds the first tiers of a campaign that the write just made.</param>
/// <param name="Show">A campaign's tiers as its answer holds them.</param>
sealed record PromotionDoor(Func<DbConnection, Call, CampaignRow, PromotionTierInput[], Task> Add, Func<DbConnection, CampaignRow, Task<JsonElement>> Show);
