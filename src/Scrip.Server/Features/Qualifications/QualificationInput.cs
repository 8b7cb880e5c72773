using System.Text.Json;
using Scrip.Engine;
using Scrip.Engine.Qualifying;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Orders;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Qualifications;

/// <summary>The body of a qualification; the older operations send customer, order and metadata alone.</summary>
public sealed record QualificationInput
{
    public CustomerInput? Customer { get; init; }
    public OrderInput? Order { get; init; }
    public string? TrackingId { get; init; }
    public string? Scenario { get; init; }
    public QualificationOptions? Options { get; init; }
    public QualificationSession? Session { get; init; }
    public JsonElement? Metadata { get; init; }
}

/// <summary>What of the redeemables is answered, and how.</summary>
public sealed record QualificationOptions
{
    public long? Limit { get; init; }
    public string? StartingAfter { get; init; }
    public Dictionary<string, JsonElement>? Filters { get; init; }
    public string[]? Expand { get; init; }
    public string? SortingRule { get; init; }
}

/// <summary>Type LOCK asks for the credits that sessions hold.</summary>
public sealed record QualificationSession(string? Type);

/// <summary>A qualification's body, checked.</summary>
/// <param name="Scenario">What is asked for.</param>
/// <param name="Order">How the answer is sorted.</param>
/// <param name="Limit">Items of a page, 1 to 50.</param>
/// <param name="After">Where the page before ended.</param>
/// <param name="Filter">What of the candidates is wanted.</param>
/// <param name="Expand">Parts that are answered on demand.</param>
sealed record QualificationTerms(
    Scenario Scenario, QualifyingOrder Order, int Limit, QualifyingCursor? After, CandidateFilter Filter, IReadOnlyCollection<string> Expand)
{
    const int LimitDefault = 5;

    /// <summary>The most items of a page.</summary>
    public const int LimitMax = 50;

    /// <summary>Reads and checks.</summary>
    /// <exception cref="ApiFault">Something is not as the contract says.</exception>
    public static QualificationTerms Read(QualificationInput input)
    {
        Check(input);
        var options = input.Options ?? new();
        var limit = options.Limit ?? LimitDefault;
        if (limit is < 1 or > LimitMax) throw Checks.Wrong("options.limit", $"must be an integer from 1 to {LimitMax}");
        foreach (var part in options.Expand ?? []) Checks.OneOf(part, "options.expand", "redeemable", "category", "validation_rules");
        return new(ScenarioOf(input.Scenario), OrderOf(options.SortingRule), (int)limit, CursorText.Read(options.StartingAfter), CandidateFilter.Read(options.Filters), options.Expand ?? []);
    }

    /// <summary>Checks what all qualifications share.</summary>
    public static void Check(QualificationInput input)
    {
        Checks.Text(input.TrackingId, "tracking_id", 1000);
        if (input.Metadata is not null) Checks.Metadata(input.Metadata);
        if (input.Customer is { } customer) CustomerFlow.Check(customer, "customer.");
        if (input.Order?.Customer is { } inner) CustomerFlow.Check(inner, "order.customer.");
        Checks.OneOf(input.Session?.Type, "session.type", "LOCK");
    }

    static Scenario ScenarioOf(string? text) => Checks.OneOf(text, "scenario", "ALL", "CUSTOMER_WALLET", "AUDIENCE_ONLY", "PRODUCTS", "PRODUCTS_DISCOUNT",
        "PROMOTION_STACKS", "PRODUCTS_BY_CUSTOMER", "PRODUCTS_DISCOUNT_BY_CUSTOMER") switch
    {
        "CUSTOMER_WALLET" => Scenario.CustomerWallet,
        "AUDIENCE_ONLY" => Scenario.AudienceOnly,
        "PRODUCTS" => Scenario.Products,
        "PRODUCTS_DISCOUNT" => Scenario.ProductsDiscount,
        "PROMOTION_STACKS" => Scenario.PromotionStacks,
        "PRODUCTS_BY_CUSTOMER" => Scenario.ProductsByCustomer,
        "PRODUCTS_DISCOUNT_BY_CUSTOMER" => Scenario.ProductsDiscountByCustomer,
        _ => Scenario.All,
    };

    static QualifyingOrder OrderOf(string? text) => Checks.OneOf(text, "options.sorting_rule", "BEST_DEAL", "LEAST_DEAL", "DEFAULT") switch
    {
        "BEST_DEAL" => QualifyingOrder.BestDeal,
        "LEAST_DEAL" => QualifyingOrder.LeastDeal,
        _ => QualifyingOrder.Newest,
    };
}

/// <summary>
/// A cursor as text: the instant of the last item. Behind its milliseconds <c>more_starting_after</c> carries four
/// more digits, the item's place among those of the same millisecond; the instant alone stands behind all of them.
/// </summary>
static class CursorText
{
    const int PlaceDigits = 4;

    public static QualifyingCursor? Read(string? text)
    {
        // The vendor's guide sends the text null.
        if (string.IsNullOrEmpty(text) || text == "null") return null;
        if (!Moment.TryParse(text, out var moment)) throw Checks.Wrong("options.starting_after", "cannot be recognized as a ISO-8601 compliant date");
        var place = text.IndexOf('.', StringComparison.Ordinal) is var point and > 0 && text.Length > point + 4 + PlaceDigits
            && int.TryParse(text.AsSpan(point + 4, PlaceDigits), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var digits) ? digits : 0;
        return new(moment.Ms, place > 0 ? place : null);
    }

    public static string? Write(QualifyingCursor? cursor)
    {
        if (cursor is not { } at) return null;
        var text = new Moment(at.CreatedAt).ToString();
        return at.Place is > 0 and < 10_000 ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{text[..^1]}{at.Place:0000}Z") : text;
    }
}
