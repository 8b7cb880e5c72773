using NodaTime;
using NodaTime.Text;
using Scrip.Server.Features.Customers;
using Scrip.Server.Platform.Filters;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Segments;

/// <summary>A customer as filters of segments see it: the profile, what was bought and redeemed, events of the shop's own, other segments.</summary>
public sealed class Person(CustomerRow row, CustomerSummary? summary, IReadOnlyDictionary<string, EventCount>? events, HashSet<string>? segments)
{
    readonly CustomerBody body = Wire.Read<CustomerBody>(row.Body);

    /// <summary>Its stored row.</summary>
    public CustomerRow Row => row;

    /// <summary>The customer entered or left a segment, as filters that are asked after this see.</summary>
    internal void Moved(string segment, bool enters)
    {
        if (enters) segments?.Add(segment);
        else segments?.Remove(segment);
    }

    /// <summary>What was bought and redeemed.</summary>
    public CustomerSummary Summary { get; } = summary ?? CustomerSummary.Empty;

    /// <summary>The values of a field, and whether it holds several.</summary>
    internal (List<FieldValue> Values, bool IsArray) Values(SegmentField field) => field.Topic switch
    {
        Topics.Profile when field.Kind == FieldKind.Metadata => FieldCondition.Elements(body.Metadata is { } metadata ? new Scrip.Engine.Facts.Metadata(metadata).Find(field.Path) : null),
        Topics.Profile when field.Kind == FieldKind.Moment => One(field.Path == "created_at" ? row.CreatedAt : row.UpdatedAt),
        Topics.Profile => One(Text(field.Path)),
        Topics.Redemptions => One(Redeemed(field.Path)),
        Topics.Orders => One(Bought(field.Path)),
        Topics.Segments => ([.. (segments ?? []).Select(id => new FieldValue(id, null))], true),
        Topics.Loyalty => One(Collected(field.Path)),
        _ => One(Happened(field)),
    };

    /// <summary>The day of birth; null when unknown.</summary>
    internal LocalDate? Birthdate => LocalDatePattern.Iso.Parse((body.Birthdate ?? body.Birthday ?? "").Split('T')[0]) is { Success: true } day ? day.Value : null;

    string? Text(string path) => path switch
    {
        "id" => row.Id,
        "source_id" => row.SourceId,
        "name" => row.Name,
        "email" => row.Email,
        "phone" => body.Phone,
        "description" => body.Description,
        "address.city" => body.Address?.City,
        "address.state" => body.Address?.State,
        "address.line_1" => body.Address?.Line1,
        "address.line_2" => body.Address?.Line2,
        "address.country" => body.Address?.Country,
        _ => body.Address?.PostalCode,
    };

    long? Redeemed(string path) => path switch
    {
        "total_redeemed" => Summary.Redemptions.TotalRedeemed,
        "total_failed" => Summary.Redemptions.TotalFailed,
        "total_succeeded" => Summary.Redemptions.TotalSucceeded,
        "total_rolled_back" => Summary.Redemptions.TotalRolledBack,
        "total_rollback_failed" => Summary.Redemptions.TotalRollbackFailed,
        "total_rollback_succeeded" => Summary.Redemptions.TotalRollbackSucceeded,
        "gift.redeemed_amount" => Summary.Redemptions.Gift.RedeemedAmount,
        "gift.amount_to_go" => Summary.Redemptions.Gift.AmountToGo,
        "loyalty_card.redeemed_points" => Summary.Redemptions.LoyaltyCard.RedeemedPoints,
        _ => Summary.Redemptions.LoyaltyCard.PointsToGo,
    };

    // Of a campaign that the customer is no member of nothing is known.
    long? Collected(string path)
    {
        if (path is "points") return Summary.Loyalty.Points;
        if (path is "referred_customers") return Summary.Loyalty.ReferredCustomers;
        const string campaigns = "campaigns.";
        var end = path.LastIndexOf('.');
        if (!path.StartsWith(campaigns, StringComparison.Ordinal) || end < campaigns.Length) return null;
        var campaign = Summary.Loyalty.Campaigns.GetValueOrDefault(path[campaigns.Length..end]);
        return path[(end + 1)..] switch { "points" => campaign?.Points, "referred_customers" => campaign?.ReferredCustomers, _ => null };
    }

    long? Bought(string path) => path switch
    {
        "total_amount" => Summary.Orders.TotalAmount,
        "total_count" => Summary.Orders.TotalCount,
        "average_amount" => Summary.Orders.AverageAmount,
        "last_order_amount" => Summary.Orders.LastOrderAmount,
        _ => Summary.Orders.LastOrderDate?.Ms,
    };

    // What never happened has a count of nothing, and no instants.
    long? Happened(SegmentField field)
    {
        var known = events?.GetValueOrDefault(field.Topic[Topics.EventPrefix.Length..]);
        return field.Path switch { "count" => known?.Count ?? 0, "first_at" => known?.FirstAt, _ => known?.LastAt };
    }

    static (List<FieldValue>, bool) One(string? text) => (string.IsNullOrEmpty(text) ? [] : [new FieldValue(text, null)], false);

    static (List<FieldValue>, bool) One(long? number) => (number is { } known ? [new FieldValue(null, known)] : [], false);
}

/// <summary>How often something happened, and when first and last in Unix milliseconds.</summary>
public sealed record EventCount
{
    public string CustomerId { get; init; } = "";
    public string Name { get; init; } = "";
    public long Count { get; init; }
    public long FirstAt { get; init; }
    public long LastAt { get; init; }
}
