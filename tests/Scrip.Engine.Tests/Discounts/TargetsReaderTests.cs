using System.Text.Json;
using Scrip.Engine.Discounts;

namespace Scrip.Engine.Tests.Discounts;

/// <summary>What <c>applicable_to</c> may say, and the place and reason of each fault.</summary>
public class TargetsReaderTests
{
    private const string Most = "9007199254740991";

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"included":null,"excluded":null,"included_all":null}""")]
    [InlineData("""{"included":[],"excluded":[],"included_all":true}""")]
    public void Nothing_named_means_everything(string json) => Good(json).NameProducts.ShouldBeFalse();

    [Fact]
    public void All_included_covers_everything_and_keeps_limits_and_exclusions()
    {
        var targets = Good("""{"included_all":true,"included":[{"object":"product","id":"a"}],"excluded":[{"object":"sku","id":"b"}]}""");
        targets.Everywhere.ShouldBeTrue();
        targets.Included.Select(target => target.Id).ShouldBe(["a"]);
        targets.Excluded.ShouldHaveSingleItem().ShouldBe(new Target(TargetKind.Sku, "b"));
    }

    [Theory]
    [InlineData("product", TargetKind.Product)]
    [InlineData("sku", TargetKind.Sku)]
    [InlineData("products_collection", TargetKind.Collection)]
    public void Kinds_are_told_apart(string word, TargetKind kind) =>
        Good($$"""{"included":[{"object":"{{word}}","id":"a"}]}""").Included.ShouldHaveSingleItem().ShouldBe(new Target(kind, "a"));

    [Theory]
    [InlineData("APPLY_TO_EVERY", TargetEffect.Every)]
    [InlineData("APPLY_TO_CHEAPEST", TargetEffect.Cheapest)]
    [InlineData("APPLY_FROM_CHEAPEST", TargetEffect.FromCheapest)]
    [InlineData("APPLY_TO_MOST_EXPENSIVE", TargetEffect.MostExpensive)]
    [InlineData("APPLY_FROM_MOST_EXPENSIVE", TargetEffect.FromMostExpensive)]
    public void Effects_are_told_apart(string word, TargetEffect effect) => One($"\"effect\":\"{word}\"").Effect.ShouldBe(effect);

    [Fact]
    public void Every_field_is_read()
    {
        var target = One("""
            "source_id":"s","product_id":"p","product_source_id":"ps","effect":"APPLY_TO_CHEAPEST","target":"UNIT","strict":true,
            "price":0,"quantity_limit":1,"aggregated_quantity_limit":2,"amount_limit":3,"aggregated_amount_limit":4,
            "skip_initially":5,"repeat":6
            """);
        target.ShouldBe(new Target(TargetKind.Product, "a")
        {
            SourceId = "s",
            ProductId = "p",
            ProductSourceId = "ps",
            Effect = TargetEffect.Cheapest,
            CountsUnits = true,
            Price = 0,
            QuantityLimit = 1,
            AggregatedQuantityLimit = 2,
            AmountLimit = 3,
            AggregatedAmountLimit = 4,
            SkipInitially = 5,
            Repeat = 6,
        });
    }

    [Theory]
    [InlineData("effect")]
    [InlineData("target")]
    [InlineData("price")]
    [InlineData("price_formula")]
    [InlineData("quantity_limit")]
    [InlineData("aggregated_quantity_limit")]
    [InlineData("amount_limit")]
    [InlineData("aggregated_amount_limit")]
    [InlineData("skip_initially")]
    [InlineData("repeat")]
    [InlineData("source_id")]
    [InlineData("product_quantity_limit")]
    [InlineData("product_campaign_quantity_limit")]
    public void Null_is_the_same_as_nothing(string field) => One($"\"{field}\":null").ShouldBe(new Target(TargetKind.Product, "a"));

    [Fact]
    public void Repeating_every_none_means_every_one() => One("\"repeat\":0").Repeat.ShouldBe(1);

    [Fact]
    public void A_source_id_stands_in_for_the_id() =>
        Good("""{"included":[{"object":"product","source_id":"s"}]}""").Included.ShouldHaveSingleItem().ShouldBe(new Target(TargetKind.Product, "s") { SourceId = "s" });

    [Fact]
    public void The_largest_amount_is_read() => One($"\"amount_limit\":{Most}").AmountLimit.ShouldBe(Money.Max);

    [Theory]
    [InlineData("[]", "applicable_to must be object")]
    [InlineData("\"a\"", "applicable_to must be object")]
    [InlineData("""{"included_all":1}""", "applicable_to.included_all must be boolean")]
    [InlineData("""{"included":{}}""", "applicable_to.included must be array")]
    [InlineData("""{"excluded":"a"}""", "applicable_to.excluded must be array")]
    [InlineData("""{"included":["a"]}""", "applicable_to.included.0 must be object")]
    [InlineData("""{"included":[{"id":"a"}]}""", "applicable_to.included.0.object must be one of: product, sku, products_collection")]
    [InlineData("""{"included":[{"object":"order","id":"a"}]}""", "applicable_to.included.0.object must be one of: product, sku, products_collection")]
    [InlineData("""{"included":[{"object":"sku"}]}""", "applicable_to.included.0.id is required")]
    [InlineData("""{"included":[{"object":"sku","id":""}]}""", "applicable_to.included.0.id is required")]
    [InlineData("""{"included":[{"object":"sku","id":1}]}""", "applicable_to.included.0.id must be string")]
    [InlineData("""{"excluded":[{"object":"sku","id":"a"},{"object":"sku"}]}""", "applicable_to.excluded.1.id is required")]
    [InlineData("""{"included":[{"object":"sku"}],"excluded":1}""", "applicable_to.included.0.id is required")]
    public void A_fault_has_its_place(string json, string fault) => Fault(json).ShouldBe(fault);

    [Theory]
    [InlineData("\"effect\":\"APPLY_TO_SOME\"", ".effect must be one of: APPLY_TO_EVERY, APPLY_TO_CHEAPEST, APPLY_FROM_CHEAPEST, APPLY_TO_MOST_EXPENSIVE, APPLY_FROM_MOST_EXPENSIVE")]
    [InlineData("\"effect\":1", ".effect must be string")]
    [InlineData("\"target\":\"LINE\"", ".target must be one of: ITEM, UNIT")]
    [InlineData("\"source_id\":7", ".source_id must be string")]
    [InlineData("\"product_id\":7", ".product_id must be string")]
    [InlineData("\"product_source_id\":7", ".product_source_id must be string")]
    [InlineData("\"price_formula\":7", ".price_formula must be string")]
    [InlineData("\"price\":-1", ".price must be a whole number from 0")]
    [InlineData("\"price\":0.5", ".price must be a whole number from 0")]
    [InlineData("\"price\":\"1\"", ".price must be a whole number from 0")]
    [InlineData("\"quantity_limit\":0", ".quantity_limit must be a whole number from 1")]
    [InlineData("\"aggregated_quantity_limit\":0", ".aggregated_quantity_limit must be a whole number from 1")]
    [InlineData("\"amount_limit\":0", ".amount_limit must be a whole number from 1")]
    [InlineData("\"aggregated_amount_limit\":0", ".aggregated_amount_limit must be a whole number from 1")]
    [InlineData("\"amount_limit\":9007199254740992", ".amount_limit must be a whole number from 1")]
    [InlineData("\"skip_initially\":-1", ".skip_initially must be a whole number from 0")]
    [InlineData("\"repeat\":-1", ".repeat must be a whole number from 0")]
    public void A_wrong_field_is_named(string field, string fault) => Fault(Included(field)).ShouldBe("applicable_to.included.0" + fault);

    [Fact]
    public void A_formula_that_cannot_be_read_is_named() =>
        Fault(Included("\"price_formula\":\"5 +\"")).ShouldNotBeNull().ShouldStartWith("applicable_to.included.0.price_formula ");

    [Theory]
    [InlineData("product_campaign_quantity_limit", false, false, false)]
    [InlineData("product_customer_campaign_quantity_limit", false, true, false)]
    [InlineData("product_promotion_tier_quantity_limit", true, false, false)]
    [InlineData("product_customer_promotion_tier_quantity_limit", true, true, false)]
    [InlineData("product_in_collection_campaign_quantity_limit", false, false, true)]
    [InlineData("product_in_collection_customer_campaign_quantity_limit", false, true, true)]
    [InlineData("product_in_collection_promotion_tier_quantity_limit", true, false, true)]
    [InlineData("product_in_collection_customer_promotion_tier_quantity_limit", true, true, true)]
    public void A_budget_over_many_orders_has_a_limit_or_a_formula_or_both(string field, bool ofTier, bool perCustomer, bool perProduct)
    {
        One($"\"{field}\":7").Budgets.ShouldBe([new UnitBudget(ofTier, perCustomer, perProduct, 7, null)]);
        var both = One($"\"{field}\":7,\"{field}_formula\":\"2 * 3\"").Budgets.ShouldHaveSingleItem();
        (both.OfTier, both.PerCustomer, both.PerProduct, both.Limit).ShouldBe((ofTier, perCustomer, perProduct, 7L));
        both.Formula.ShouldNotBeNull();
        Fault(Included($"\"{field}\":0")).ShouldBe($"applicable_to.included.0.{field} must be a whole number from 1");
        Fault(Included($"\"{field}_formula\":\"2 *\"")).ShouldNotBeNull().ShouldStartWith($"applicable_to.included.0.{field}_formula ");
    }

    [Fact]
    public void More_than_five_hundred_targets_are_refused()
    {
        static string Many(int count) => $$"""{"included":[{{string.Join(',', Enumerable.Repeat("""{"object":"sku","id":"a"}""", count))}}]}""";
        Good(Many(500)).Included.Count.ShouldBe(500);
        Fault(Many(501)).ShouldBe("applicable_to.included must NOT have more than 500 items");
    }

    private static string Included(string fields) => $$"""{"included":[{"object":"product","id":"a",{{fields}}}]}""";

    private static Target One(string fields) => Good(Included(fields)).Included.ShouldHaveSingleItem();

    private static Targets Good(string json)
    {
        var reading = Targets.Read(JsonElement.Parse(json));
        reading.Fault.ShouldBeNull();
        return reading.Targets.ShouldNotBeNull();
    }

    private static string? Fault(string json)
    {
        var reading = Targets.Read(JsonElement.Parse(json));
        reading.Targets.ShouldBeNull();
        return reading.Fault;
    }
}
