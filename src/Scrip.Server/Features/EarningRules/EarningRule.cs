using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Engine.Redeeming;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.PendingPoints;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.EarningRules;

/// <summary>What earns points on the cards of a loyalty campaign, as the API answers it.</summary>
public sealed record EarningRule
{
    public required string Id { get; init; }
    public required Moment CreatedAt { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public Moment? UpdatedAt { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? ValidationRuleId { get; init; }
    public required EarningLoyalty Loyalty { get; init; }
    public required string Event { get; init; }
    public EventSchemaRef? CustomEvent { get; init; }
    public NamedObject? Segment { get; init; }
    public PendingPeriod? PendingPoints { get; init; }
    public required EarningSource Source { get; init; }
    public required bool Active { get; init; }
    public Moment? StartDate { get; init; }
    public Moment? ExpirationDate { get; init; }
    public ExpirationTerms? ExpirationRules { get; init; }
    public ValidityTimeframe? ValidityTimeframe { get; init; }
    public long[]? ValidityDayOfWeek { get; init; }
    public ValidityHours? ValidityHours { get; init; }
    public string Object => "earning_rule";
    public required string AutomationId { get; init; }
    public required JsonElement Metadata { get; init; }
}

/// <summary>The name a rule is shown with, and the campaign it belongs to.</summary>
public sealed record EarningSource
{
    public string? Banner { get; init; }
    public string? ObjectId { get; init; }
    public string? ObjectType { get; init; }
}

/// <summary>The definition of a custom event by its id.</summary>
public sealed record EventSchemaRef(string? SchemaId);

/// <summary>A segment by its id.</summary>
public sealed record SegmentRef(string? Id);

/// <summary>How long earned points wait: so many days.</summary>
public sealed record PendingPeriod
{
    public string? PeriodType { get; init; }
    public long? PeriodValue { get; init; }
}

/// <summary>What a caller says of a rule; absent fields keep their value in an update, which cannot change the event.</summary>
public sealed record EarningRuleInput
{
    public string? Event { get; init; }
    public string? ValidationRuleId { get; init; }
    public EarningLoyalty? Loyalty { get; init; }
    public EventSchemaRef? CustomEvent { get; init; }
    public SegmentRef? Segment { get; init; }
    public JsonElement? LoyaltyTier { get; init; }
    public PendingPeriod? PendingPoints { get; init; }
    public EarningSource? Source { get; init; }
    public bool? Active { get; init; }
    public Moment? StartDate { get; init; }
    public Moment? ExpirationDate { get; init; }
    public ExpirationTerms? ExpirationRules { get; init; }
    public ValidityTimeframe? ValidityTimeframe { get; init; }
    public long[]? ValidityDayOfWeek { get; init; }
    public ValidityHours? ValidityHours { get; init; }
    public JsonElement? Metadata { get; init; }
}

/// <summary>The part of a rule that lies in its <c>body</c> column.</summary>
public sealed record EarningBody
{
    public EarningLoyalty Loyalty { get; init; } = new();
    public string? EventSchemaId { get; init; }
    public string? Banner { get; init; }
    public PendingPeriod? PendingPoints { get; init; }
    /// <summary>How long the points last; null as the campaign says.</summary>
    public ExpirationTerms? ExpirationRules { get; init; }
    public ValidityTimeframe? ValidityTimeframe { get; init; }
    public long[]? ValidityDayOfWeek { get; init; }
    public ValidityHours? ValidityHours { get; init; }
    public JsonElement? Metadata { get; init; }
}

/// <summary>A row of <c>earning_rules</c>.</summary>
public sealed record EarningRuleRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string CampaignId { get; init; } = "";
    public string Event { get; init; } = "";
    public string? SegmentId { get; init; }
    public bool Active { get; init; }
    public long? StartsAt { get; init; }
    public long? ExpiresAt { get; init; }
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }
    public string Body { get; init; } = "{}";

    /// <summary>No column: the validation rules that are assigned to it, oldest first.</summary>
    public IReadOnlyList<string> RuleIds { get; init; } = [];

    EarningBody? content;

    /// <summary>What the body says, read once.</summary>
    internal EarningBody Content => content ??= Wire.Read<EarningBody>(Body);

    /// <summary>When it earns. What it does not say, its campaign does.</summary>
    internal Schedule Schedule(Schedule campaign) => new(Active, StartsAt ?? campaign.StartsAt, ExpiresAt ?? campaign.ExpiresAt,
        VoucherFacts.Frame(Content.ValidityTimeframe, Content.ValidityDayOfWeek, Content.ValidityHours));

    /// <summary>As transactions name it.</summary>
    internal NamedEarningRule Named() => new(Id, new NamedBanner(Content.Banner ?? ""));

    /// <summary>As the API shows it.</summary>
    internal EarningRule Show() => new()
    {
        Id = Id,
        CreatedAt = new(CreatedAt),
        UpdatedAt = Moment.From(UpdatedAt),
        ValidationRuleId = RuleIds.Count > 0 ? RuleIds[0] : null,
        Loyalty = Content.Loyalty,
        Event = Event,
        CustomEvent = Content.EventSchemaId is { } schema ? new(schema) : null,
        Segment = SegmentId is { } segment ? new(segment) : null,
        PendingPoints = Content.PendingPoints,
        Source = new() { Banner = Content.Banner, ObjectId = CampaignId, ObjectType = "campaign" },
        Active = Active,
        StartDate = Moment.From(StartsAt),
        ExpirationDate = Moment.From(ExpiresAt),
        ExpirationRules = Content.ExpirationRules,
        ValidityTimeframe = Content.ValidityTimeframe,
        ValidityDayOfWeek = Content.ValidityDayOfWeek,
        ValidityHours = Content.ValidityHours,
        AutomationId = "auto_" + Id[(Id.IndexOf('_', StringComparison.Ordinal) + 1)..],
        Metadata = Checks.Metadata(Content.Metadata),
    };
}

/// <summary>What is told of a rule that was made, changed or deleted; its campaign by the id, whose rest is added later.</summary>
public sealed record EarningRuleTold(NamedObject Campaign, EarningRule EarningRule);

/// <summary>What <c>customer.rewarded.loyalty_points</c> tells; campaign and card by their ids, whose rest is added later.</summary>
public sealed record EarnedTold
{
    public required CustomerShort Customer { get; init; }
    public required CustomerShort Holder { get; init; }
    public required NamedObject Voucher { get; init; }
    public required NamedObject Campaign { get; init; }

    /// <summary>Points of tiers are not served yet.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? LoyaltyTier => null;
    public required EarningRule EarningRule { get; init; }
    public required CardBalance Balance { get; init; }
    public Order? Order { get; init; }
    public required PendingEvent Event { get; init; }
}
