using Scrip.Server.Platform.Filters;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Segments;

/// <summary>What a filter may look at; what happens touches some of these, and only filters that mention them are asked again.</summary>
static class Topics
{
    public const string Profile = "profile";
    public const string Redemptions = "redemptions";
    public const string Orders = "orders";
    public const string Loyalty = "loyalty";
    public const string Segments = "segments";

    /// <summary>Before the name of a custom event.</summary>
    public const string EventPrefix = "event:";

    /// <summary>Before the id of another segment.</summary>
    public const string SegmentPrefix = "segment:";
}

/// <summary>A field of a filter.</summary>
/// <param name="Topic">See <see cref="Topics"/>.</param>
/// <param name="Path">Its name within the topic.</param>
/// <param name="Kind">How its values compare.</param>
/// <param name="IsBirthday">True for the day of birth, which comes back every year.</param>
sealed record SegmentField(string Topic, string Path, FieldKind Kind, bool IsBirthday = false)
{
    static readonly string[] Texts =
        ["id", "source_id", "name", "email", "phone", "description", "address.city", "address.state", "address.line_1", "address.line_2", "address.country", "address.postal_code"];

    static readonly string[] OfRedemptions =
        ["total_redeemed", "total_failed", "total_succeeded", "total_rolled_back", "total_rollback_failed", "total_rollback_succeeded", "gift.redeemed_amount", "gift.amount_to_go", "loyalty_card.redeemed_points", "loyalty_card.points_to_go"];

    static readonly string[] OfOrders = ["total_amount", "total_count", "average_amount", "last_order_amount"];

    /// <exception cref="Platform.ApiFault">There is no such field.</exception>
    public static SegmentField Read(string name, string at)
    {
        if (Texts.Contains(name)) return new(Topics.Profile, name, FieldKind.Text);
        if (name is "created_at" or "updated_at") return new(Topics.Profile, name, FieldKind.Moment);
        if (name is "birthday" or "birthdate") return new(Topics.Profile, name, FieldKind.Text, IsBirthday: true);
        if (name is "segment" or "segments" or "segment_id") return new(Topics.Segments, name, FieldKind.Names);
        if (name.StartsWith("metadata.", StringComparison.Ordinal) && name.Length is > 9 and <= 200) return new(Topics.Profile, name["metadata.".Length..], FieldKind.Metadata);
        if (OfLoyalty(name) is { } ofLoyalty) return ofLoyalty;
        if (OfEvents(name) is { } ofEvents) return ofEvents;
        // As the customer object names them, and as exports do.
        var path = name.StartsWith("summary.", StringComparison.Ordinal) ? name["summary.".Length..] : name;
        if (Under(path, "redemptions") is { } redeemed && OfRedemptions.FirstOrDefault(one => one == redeemed || one.Replace('.', '_') == redeemed) is { } known) return new(Topics.Redemptions, known, FieldKind.Whole);
        if (Under(path, "orders") is { } bought && OfOrders.Contains(bought)) return new(Topics.Orders, bought, FieldKind.Whole);
        if (Under(path, "orders") is "last_order_date") return new(Topics.Orders, "last_order_date", FieldKind.Moment);
        throw Checks.Wrong(at, $"is no field to filter by; fields are {string.Join(", ", Texts)}, birthdate, created_at, updated_at, metadata.*, segments, summary.redemptions.*, summary.orders.*, events.<name>.count, loyalty.*");
    }

    static string? Under(string name, string group) =>
        name.Length > group.Length + 1 && name.StartsWith(group, StringComparison.Ordinal) && name[group.Length] is '.' or '_' ? name[(group.Length + 1)..] : null;

    // loyalty.points and loyalty.campaigns.<name>.points, as the customer object has them; names may have dots.
    static SegmentField? OfLoyalty(string name) =>
        name is "loyalty_tier" or "loyalty_points" ? new(Topics.Loyalty, name == "loyalty_points" ? "points" : name, FieldKind.Whole)
        : name.StartsWith("loyalty.", StringComparison.Ordinal) ? new(Topics.Loyalty, name["loyalty.".Length..], FieldKind.Whole)
        : name.StartsWith("loyalty_points.", StringComparison.Ordinal) ? new(Topics.Loyalty, name["loyalty_points.".Length..], FieldKind.Whole)
        : name.StartsWith("loyalty_tier.", StringComparison.Ordinal) ? new(Topics.Loyalty, name, FieldKind.Whole)
        : null;

    // events.<name>.count; the name may have dots.
    static SegmentField? OfEvents(string name)
    {
        const string Prefix = "events.";
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || name.LastIndexOf('.') is var dot && dot <= Prefix.Length) return null;
        var (happening, what) = (name[Prefix.Length..dot], name[(dot + 1)..]);
        return what switch
        {
            "count" => new(Topics.EventPrefix + happening, what, FieldKind.Whole),
            "first_at" or "last_at" => new(Topics.EventPrefix + happening, what, FieldKind.Moment),
            _ => null,
        };
    }
}
