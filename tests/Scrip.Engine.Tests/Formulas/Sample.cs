using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Formulas;
using Scrip.Engine.Redeeming;

namespace Scrip.Engine.Tests.Formulas;

/// <summary>One request with a bit of everything: 130.00 in four lines, a customer, a voucher, in Warsaw on Friday 14 March 2025, 12:00.</summary>
static class Sample
{
    public static readonly DateTimeZone Warsaw = DateTimeZoneProviders.Tzdb["Europe/Warsaw"];

    public static readonly VoucherRedeemable Voucher = new("SALE")
    {
        Id = "v_1",
        Code = "SALE",
        Schedule = new(true, Ms("2025-01-01T00:00:00+01:00"), Ms("2025-03-31T23:30:00Z")),
        Benefit = new DiscountBenefit(new AmountOff(100)),
        Quantity = 7,
        Redeemed = 3,
        HolderId = "cust_1",
        Metadata = Json("""{"active_on_calendar_month": 3}"""),
        Publication = Json("""{"year": 2024}"""),
    };

    public static readonly TierRedeemable Tier = new("promo_1")
    {
        Id = "promo_1",
        Schedule = new(true, Ms("2025-02-01T12:00:00Z"), Ms("2025-02-28T12:00:00Z")),
        Benefit = new DiscountBenefit(new AmountOff(100)),
        Metadata = Json("""{"membership_duration": 5}"""),
    };

    private static readonly CartLine Shirt = new()
    {
        ProductId = "shirt",
        Price = 3000,
        Quantity = 2,
        DiscountAmount = 500,
        Metadata = Json("""{"Size": "L", "stitches": 12}"""),
        ProductMetadata = Json("""{"category": "tops", "weight": 0.25}"""),
    };

    private static readonly CartLine Socks = new()
    {
        ProductId = "socks",
        Price = 1000,
        Metadata = Json("""{"Size": "S"}"""),
        ProductMetadata = Json("""{"category": "feet"}"""),
    };

    private static readonly CartLine Cap = new() { ProductId = "cap", Price = 1000, Quantity = 3, DiscountAmount = 500 };

    private static readonly CartLine Coat = new()
    {
        ProductId = "coat",
        Price = 3000,
        Metadata = Json("""{"Size": "XL"}"""),
        ProductMetadata = Json("""{"category": "warm"}"""),
    };

    public static readonly Cart Cart = Cart.Open([Shirt, new CartLine { Quantity = 4 }, Cap, Socks, Coat]).Cart!;

    public static readonly FormulaFacts Facts = new(
        new Situation
        {
            NowMs = Ms("2025-03-14T11:00:00Z"),
            Zone = Warsaw,
            Customer = new CustomerFacts
            {
                Id = "cust_1",
                Birthdate = new LocalDate(1990, 3, 15),
                Metadata = Json("""
                    {"customer_life_time_value": 75.55, "low": 74.44, "minus": -75.55, "tier": "VIP", "vip": true, "zero": 0,
                     "number_of_store_visits": 12, "huge": 1e300, "largest": 79228162514264337593543950335, "object": {"city": "Boston"},
                     "cities": ["Boston", "New York", 7], "joined": "2024-12-31", "seen": "2025-03-13T23:30:00Z", "odd": "\ud800", "nothing": null}
                    """),
            },
            OrderMetadata = Json("""{"day_of_week": 5, "store_city": "New York", "region": "EU"}"""),
            RedemptionMetadata = Json("""{"store_list": 14}"""),
        },
        Voucher,
        Cart,
        Cart.Lines[0]);

    /// <summary>Nothing but the time.</summary>
    public static readonly FormulaFacts Nothing = new(new Situation { NowMs = Facts.Situation.NowMs, Zone = Warsaw }, null, null, null);

    public static Metadata Json(string json) => new(JsonDocument.Parse(json).RootElement);

    public static long Ms(string instant) => OffsetDateTimePattern.ExtendedIso.Parse(instant).Value.ToInstant().ToUnixTimeMilliseconds();

    public static Formula Read(string text)
    {
        var (formula, fault) = Formula.Read(text);
        fault.ShouldBeNull();
        return formula!;
    }

    /// <summary>The value in the sample request; a condition is 1 or 0.</summary>
    public static decimal? Value(string text, FormulaFacts? facts = null) => Read(text).Value(facts ?? Facts);
}
