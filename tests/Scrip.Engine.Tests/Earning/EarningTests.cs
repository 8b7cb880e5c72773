using System.Text.Json;
using NodaTime;
using Scrip.Engine.Carts;
using Scrip.Engine.Earning;
using Scrip.Engine.Facts;
using Scrip.Engine.Formulas;
using Attribute = Scrip.Engine.Earning.Attribute;

namespace Scrip.Engine.Tests.Earning;

public sealed class EarningTests
{
    private static Metadata Json(string text) => new(JsonDocument.Parse(text).RootElement);

    private static EarningFacts Facts(Cart? cart = null, string order = "{}", string customer = "{}", string happened = "{}") => new(
        new Situation { NowMs = 0, Zone = DateTimeZone.Utc, Customer = new CustomerFacts { Id = "c", Metadata = Json(customer) }, OrderMetadata = Json(order) },
        cart, Json(happened));

    private static Cart Cart(long? amount = null, long discount = 0, params CartLine[] lines) => Scrip.Engine.Carts.Cart.Open(lines, amount, discount).Cart!;

    private static readonly Cart Mixed = Cart(null, 500,
        new CartLine { ProductId = "shirt", Quantity = 2, Price = 1000, Collections = new HashSet<string> { "summer", "sale" } },
        new CartLine { ProductId = "shoe", SkuId = "shoe-42", Quantity = 1, Price = 7000, DiscountAmount = 1000 },
        new CartLine { ProductId = "sock", Quantity = 5, InitialQuantity = 3, DiscountQuantity = 2, Price = 100, DiscountAmount = 200 });

    [Theory]
    [InlineData(999, 0)]
    [InlineData(1000, 3)]
    [InlineData(1999, 3)]
    [InlineData(2000, 6)]
    [InlineData(0, 0)]
    public void Only_complete_steps_of_an_amount_count(long amount, long points) =>
        new ProportionalPoints(new OrderAmount(), 1000, 3).Of(Facts(Cart(amount))).ShouldBe(points);

    [Fact]
    public void Fixed_points_need_nothing() => new FixedPoints(7).Of(Facts()).ShouldBe(7);

    [Fact]
    public void Amounts_are_with_and_without_discounts()
    {
        var facts = Facts(Cart(10_000, 2500));
        new ProportionalPoints(new OrderAmount(), 1000, 1).Of(facts).ShouldBe(10);
        new ProportionalPoints(new OrderTotalAmount(), 1000, 1).Of(facts).ShouldBe(7);
    }

    [Theory]
    [InlineData(ItemsOf.Quantity, null, 6)]
    [InlineData(ItemsOf.Amount, null, 9500)]
    [InlineData(ItemsOf.SubtotalAmount, null, 8300)]
    [InlineData(ItemsOf.Quantity, "shirt", 2)]
    [InlineData(ItemsOf.Amount, "shoe-42", 7000)]
    [InlineData(ItemsOf.SubtotalAmount, "shoe", 6000)]
    [InlineData(ItemsOf.Quantity, "sock", 3)]
    [InlineData(ItemsOf.Amount, "summer sale shirt", 2000)]
    [InlineData(ItemsOf.Amount, "shoe summer", 9000)]
    [InlineData(ItemsOf.Quantity, "nothing", 0)]
    public void Lines_that_are_covered_are_added_up_once(ItemsOf what, string? ids, long points) =>
        new ProportionalPoints(new OrderItems(what, ids?.Split(' ').ToHashSet()), 1, 1).Of(Facts(Mixed)).ShouldBe(points);

    [Theory]
    [InlineData("""{"n":25}""", 2)]
    [InlineData("""{"n":29.99}""", 2)]
    [InlineData("""{"n":9.99}""", 0)]
    [InlineData("""{"n":-30}""", 0)]
    [InlineData("""{"n":"30"}""", 0)]
    [InlineData("""{"n":true}""", 0)]
    [InlineData("""{"n":null}""", 0)]
    [InlineData("""{"n":1e400}""", 0)]
    [InlineData("""{}""", 0)]
    public void Attributes_are_numbers_of_the_order_the_customer_or_the_event(string metadata, long points)
    {
        long Of(AttributeOwner owner, EarningFacts facts) => new ProportionalPoints(new Attribute(owner, "n"), 10, 1).Of(facts);
        Of(AttributeOwner.Order, Facts(order: metadata)).ShouldBe(points);
        Of(AttributeOwner.Customer, Facts(customer: metadata)).ShouldBe(points);
        Of(AttributeOwner.Event, Facts(happened: metadata)).ShouldBe(points);
        Of(AttributeOwner.Event, Facts(order: metadata, customer: metadata)).ShouldBe(0);
    }

    [Fact]
    public void What_is_not_there_earns_nothing()
    {
        foreach (var measure in new Measure[] { new OrderAmount(), new OrderTotalAmount(), new OrderItems(ItemsOf.Amount), new Attribute(AttributeOwner.Customer, "n") })
            new ProportionalPoints(measure, 1, 1).Of(Facts()).ShouldBe(0);
        new ProportionalPoints(new OrderAmount(), 1, 1).Of(Facts(Cart(null, 0, new CartLine { ProductId = "unpriced" }))).ShouldBe(0);
    }

    [Theory]
    [InlineData("ORDER_AMOUNT / 10", 10)]
    [InlineData("2.5", 3)]
    [InlineData("0 - 5", 0)]
    [InlineData("1 / 0", 4)]
    [InlineData("99999999999999999999", Money.Max)]
    public void A_formula_gives_the_points_of_a_step(string text, long points)
    {
        var formula = Formula.Read(text).Formula.ShouldNotBeNull();
        new FixedPoints(4, formula).Of(Facts(Cart(10_000))).ShouldBe(points);
    }

    [Fact]
    public void Points_are_whole_and_within_bounds_and_more_never_earns_less()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var i = 0; i < 2000; i++)
        {
            var (every, points) = (random.NextInt64(1, 10_000), random.NextInt64(0, i % 7 == 0 ? Money.Max : 1000));
            var terms = new ProportionalPoints(new OrderAmount(), every, points);
            var (less, more) = (random.NextInt64(0, Money.Max), random.NextInt64(0, Money.Max));
            if (i % 2 == 0) (less, more) = (less % 100_000, more % 100_000);
            if (less > more) (less, more) = (more, less);
            var (few, many) = (terms.Of(Facts(Cart(less))), terms.Of(Facts(Cart(more))));
            few.ShouldBeInRange(0, Money.Max, $"seed {seed}");
            many.ShouldBeGreaterThanOrEqualTo(few, $"seed {seed}");
            var exact = (Int128)(less / every) * points;
            few.ShouldBe(exact > Money.Max ? Money.Max : (long)exact, $"seed {seed}");
            // What is left of a step earns nothing.
            terms.Of(Facts(Cart(less - less % every))).ShouldBe(few, $"seed {seed}");
        }
    }
}
