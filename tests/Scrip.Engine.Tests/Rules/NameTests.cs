using Scrip.Engine.Carts;
using static Scrip.Engine.Tests.Rules.Ruling;

namespace Scrip.Engine.Tests.Rules;

/// <summary>One row for each name: a condition that holds of the shared facts and one that does not. Of missing facts neither holds.</summary>
public class NameTests
{
    private const string Of = "{\"1\":{\"name\":\"order.items.";

    [Theory]
    [InlineData("customer.segment", "$is", "[\"seg_b\",\"x\"]", "[\"seg_c\"]")]
    [InlineData("customer.loyalty_tier", "$is", "[\"gold\"]", "[\"silver\"]")]
    [InlineData("customer.metadata:city", "$is", "[\"Oslo\"]", "[\"Rome\"]")]
    [InlineData("publication.redeemable_by_linked_customer", "$is", "[true]", null)]
    [InlineData("order.amount", "$is", "[12500]", "[13000]")]
    [InlineData("order.initial_amount", "$is", "[13000]", "[12500]")]
    [InlineData("order.total_amount", "$is", "[11500]", "[12500]")]
    [InlineData("order.metadata:shop", "$is", "[\"A1\"]", "[\"A2\"]")]
    [InlineData("order.items.count", "$is", "[7]", "[3]")]
    [InlineData("order.items.price_any", "$is", "[500]", "[501]")]
    [InlineData("order.items.price_each", "$more_than", "[499]", "[500]")]
    [InlineData("order.items.metadata_any:size", "$is", "[7]", "[8]")]
    [InlineData("order.items.metadata_each:size", "$more_than", "[2]", "[3]")]
    [InlineData("order.items.any", "$is", "[{\"id\":\"lamp\",\"object\":\"product\"}]", "[{\"id\":\"lamp\",\"object\":\"sku\"}]")]
    [InlineData("order.items.every", "$is", "[\"clothes\",\"lamp\"]", "[\"clothes\"]")]
    [InlineData("order.items.none", "$is", "[\"hat\"]", "[\"clothes\"]")]
    [InlineData("order.items.cheapest", "$is", "[\"socks\"]", "[\"shirt\"]")]
    [InlineData("order.items.most_expensive", "$is", "[\"lamp\"]", "[\"shirt\"]")]
    [InlineData("order.items.quantity", "$is", "[4]", "[7]")]
    [InlineData("order.items.aggregated_quantity", "$is", "[7]", "[4]")]
    [InlineData("order.items.price", "$is", "[3000]", "[6000]")]
    [InlineData("order.items.aggregated_amount", "$is", "[13000]", "[12500]")]
    [InlineData("order.items.metadata:gift", "$is", "[true]", "[false]")]
    [InlineData("product.id", "$is", "[{\"id\":\"shirt\"}]", "[{\"id\":\"hat\"}]")]
    [InlineData("product.id", "$is_not", "[\"hat\"]", "[\"shirt\"]")]
    [InlineData("product.price", "$is", "[500]", "[501]")]
    [InlineData("product.quantity", "$is", "[4]", "[7]")]
    [InlineData("product.metadata:brand", "$is", "[\"acme\"]", "[\"other\"]")]
    [InlineData("product.metadata.match_all:brand", "$is", null, "[\"acme\"]")]
    [InlineData("product.metadata.aggregated_quantity", "$is", "[7]", "[6]")]
    [InlineData("product.metadata.aggregated_amount", "$is", "[13000]", "[6]")]
    [InlineData("sku.id", "$is", "[\"shirt-m\"]", "[\"shirt\"]")]
    [InlineData("sku.price", "$is", "[3000]", "[500]")]
    [InlineData("sku.quantity", "$is", "[2]", "[4]")]
    [InlineData("campaign.orders.amount", "$less_than_or_equal", "[13000]", "[12999]")]
    [InlineData("campaign.orders.amount_discounted", "$less_than_or_equal", "[1000]", "[999]")]
    [InlineData("campaign.redemptions.count", "$less_than", "[2]", "[1]")]
    [InlineData("campaign.redemptions.count.daily", "$less_than", "[2]", "[1]")]
    [InlineData("campaign.redemptions.count.weekly", "$less_than", "[2]", "[1]")]
    [InlineData("campaign.redemptions.count.monthly", "$less_than", "[2]", "[1]")]
    [InlineData("campaign.redemptions.customers_count", "$less_than", "[2]", "[1]")]
    [InlineData("campaign.redemptions.customers_count.daily", "$less_than", "[2]", "[1]")]
    [InlineData("campaign.redemptions.customers_count.weekly", "$less_than", "[2]", "[1]")]
    [InlineData("campaign.redemptions.customers_count.monthly", "$less_than", "[2]", "[1]")]
    [InlineData("redemption.gift.amount", "$less_than_or_equal", "[200]", "[199]")]
    [InlineData("redemption.count.per_customer", "$is", "[1]", "[0]")]
    [InlineData("redemption.count.per_customer.daily", "$is", "[1]", "[0]")]
    [InlineData("redemption.count.per_customer.weekly", "$is", "[1]", "[0]")]
    [InlineData("redemption.count.per_customer.monthly", "$is", "[1]", "[0]")]
    [InlineData("redemption.count.per_api_key", "$is", "[1]", "[0]")]
    [InlineData("redemption.count.per_user", "$is", "[1]", "[0]")]
    [InlineData("redemption.api_key", "$is", "[\"key_1\"]", "[\"key_2\"]")]
    [InlineData("redemption.user.login", "$ends_with", "[\"@shop.test\"]", "[\"@x\"]")]
    [InlineData("redemption.metadata:source", "$is", "[\"app\"]", "[\"web\"]")]
    [InlineData("custom_event.metadata:kind", "$is", "[\"visit\"]", "[\"buy\"]")]
    public void A_name_reads_its_fact(string name, string op, string? holding, string? failing)
    {
        foreach (var (operand, expected) in new[] { (holding, true), (failing, false) })
        {
            if (operand is null) continue;
            var rule = Bind(Single(name, op, operand));
            rule.Judge(Full).Holds.ShouldBe(expected, operand);
            var missing = rule.Judge(Bare);
            missing.Holds.ShouldBeFalse("nothing fails open");
            missing.Steps[0].Seen.ShouldBeNull();
        }
    }

    [Theory]
    [InlineData("redemption.count", "[1]", "[0]")]
    [InlineData("redemption.count.daily", "[1]", "[0]")]
    [InlineData("redemption.count.weekly", "[1]", "[0]")]
    [InlineData("redemption.count.monthly", "[1]", "[0]")]
    [InlineData("redemption.reward.pay_with_points.points_used", "[70]", "[71]")]
    public void A_fact_that_is_never_missing_is_read(string name, string holding, string failing)
    {
        Bind(Single(name, "$is", holding)).Judge(Full).Holds.ShouldBeTrue();
        Bind(Single(name, "$is", failing)).Judge(Full).Holds.ShouldBeFalse();
    }

    [Theory]
    [InlineData("order.items.any", "clothes", Of + "aggregated_quantity\",\"conditions\":{\"$is\":[6]}}}", true)]
    [InlineData("order.items.any", "clothes", Of + "aggregated_amount\",\"conditions\":{\"$is\":[8000]}}}", true)]
    [InlineData("order.items.any", "clothes", Of + "price\",\"conditions\":{\"$is\":[3000]}}}", true)]
    [InlineData("order.items.any", "clothes", Of + "price\",\"conditions\":{\"$is\":[5000]}}}", false)]
    [InlineData("order.items.any", "clothes", Of + "price\",\"conditions\":{\"$more_than\":[500],\"$less_than\":[3000]}}}", false)]
    [InlineData("order.items.any", "clothes", Of + "quantity\",\"conditions\":{\"$is\":[4]}}}", true)]
    [InlineData("order.items.any", "clothes", Of + "metadata\",\"property\":\"gift\",\"conditions\":{\"$is\":[true]}}}", true)]
    [InlineData("order.items.every", "clothes\",\"lamp", Of + "price\",\"conditions\":{\"$more_than\":[499]}}}", true)]
    [InlineData("order.items.every", "clothes\",\"lamp", Of + "price\",\"conditions\":{\"$more_than\":[500]}}}", false)]
    [InlineData("order.items.every", "clothes\",\"lamp", Of + "metadata\",\"property\":\"gift\",\"conditions\":{\"$is\":[true]}}}", false)]
    [InlineData("order.items.cheapest", "socks", Of + "quantity\",\"conditions\":{\"$is\":[4]}}}", true)]
    [InlineData("order.items.most_expensive", "lamp", Of + "aggregated_quantity\",\"conditions\":{\"$is\":[7]}}}", false)]
    public void Sub_rules_look_at_the_matched_lines(string name, string product, string subs, bool holds) =>
        Bind(Single(name, "$is", $"[\"{product}\"]", subs)).Judge(Full).Holds.ShouldBe(holds);

    [Theory]
    [InlineData("order.items.cheapest", "\"$is\":[\"shirt\"],\"$from\":[\"clothes\"]", false)]
    [InlineData("order.items.most_expensive", "\"$is\":[\"shirt\"],\"$from\":[\"clothes\"]", true)]
    [InlineData("order.items.any", "\"$is\":[\"lamp\"],\"$from\":[\"clothes\"]", false)]
    [InlineData("order.items.any", "\"$is\":[{\"source_id\":\"own-socks\",\"object\":\"product\"}],\"$from\":[\"clothes\"]", true)]
    public void From_limits_the_lines_to_a_collection(string name, string conditions, bool holds) =>
        Bind($$"""{"1":{"name":"{{name}}","conditions":{ {{conditions}} } } }""").Judge(Full).Holds.ShouldBe(holds);

    [Fact]
    public void Only_the_holder_may_redeem_what_is_limited_to_linked_customers()
    {
        var rule = Bind(Single("publication.redeemable_by_linked_customer", "$is", "[true]"));
        rule.Judge(Full with { Incentive = Coupon with { HolderId = "another" } }).Refusal!.Key.ShouldBe("customer_rules_violated");
        Bind(Single("publication.redeemable_by_linked_customer", "$is", "[false]")).Judge(Bare).Holds.ShouldBeTrue();
    }

    [Fact]
    public void Discount_applicable_makes_the_named_products_targets()
    {
        var rule = Bind("""{"1":{"name":"product.id","conditions":{"$is":[{"id":"socks"}]},"rules":{"1":{"name":"product.discount_applicable","conditions":{"$is":[true]}}}}}""");
        rule.Judge(Full).Holds.ShouldBeTrue();
        rule.Targets.Cover(Basket.Lines[1]).ShouldBeTrue();
        rule.Targets.Cover(Basket.Lines[0]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"1":{"name":"product.metadata","property":"brand","conditions":{"$is":["acme"]},"rules":{"1":{"name":"product.metadata.discount_applicable","conditions":{"$is":[true]}}}}}""")]
    [InlineData("""{"1":{"name":"product.metadata","property":"brand","conditions":{"$is":["acme"]}},"2":{"name":"product.metadata.discount_applicable","conditions":{"$is":["true"]}}}""")]
    public void Discount_applicable_makes_products_of_such_metadata_targets(string rules)
    {
        var rule = Bind(rules);
        rule.Judge(Full).Holds.ShouldBeTrue();
        var targets = rule.TargetsOn(Basket, Full.Situation);
        foreach (var line in Basket.Lines) targets.Cover(line).ShouldBe(line.ProductMetadata.Find("brand") is { } brand && brand.GetString() == "acme");
        Basket.Lines.Count(targets.Cover).ShouldBeInRange(1, Basket.Lines.Count - 1);
        rule.TargetsOn(null, Full.Situation).Cover(Basket.Lines[0]).ShouldBeFalse();
    }

    [Fact]
    public void Discount_applicable_that_is_false_makes_no_targets() => Bind("""
        {"1":{"name":"product.metadata","property":"brand","conditions":{"$is":["acme"]},"rules":{"1":{"name":"product.metadata.discount_applicable","conditions":{"$is":[false]}}}}}
        """).MarksLines.ShouldBeFalse();

    [Fact]
    public void A_line_without_a_price_leaves_the_cheapest_unknown()
    {
        var cart = Cart.Open([new() { ProductId = "a", Price = 5 }, new() { ProductId = "b" }]).Cart;
        Bind(Single("order.items.cheapest", "$is", "[\"a\"]")).Judge(Full with { Before = cart }).Holds.ShouldBeFalse();
    }
}
