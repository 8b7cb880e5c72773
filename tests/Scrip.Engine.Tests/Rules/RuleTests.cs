using Scrip.Engine.Carts;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Rules;
using static Scrip.Engine.Tests.Rules.Ruling;

namespace Scrip.Engine.Tests.Rules;

/// <summary>Logic, faults, limits, bundles, refusals and scope.</summary>
public class RuleTests
{
    // Rule 1 holds, 2 does not, 3 holds.
    private const string Three = """
        "1":{"name":"order.amount","conditions":{"$more_than":[1]}},
        "2":{"name":"order.amount","conditions":{"$more_than":[99999]},"error":{"message":"Buy more"}},
        "3":{"name":"customer.segment","conditions":{"$is":["seg_a"]}}
        """;

    private static readonly UsageKey Campaign = new("camp_1", "", UsageWindow.Ever);
    private static readonly UsageKey OfCustomer = new("v_1", "customer:cust", UsageWindow.Day);

    [Theory]
    [InlineData("1", true)]
    [InlineData("1 and 2", false)]
    [InlineData("1 OR 2 AND 2", true)]
    [InlineData("(1 or 2) And 3", true)]
    [InlineData("(1 or 3) and (2)", false)]
    [InlineData("1or(2and3)", true)]
    [InlineData("", false)]
    public void Logic_joins_rules(string logic, bool holds) =>
        Bind($$"""{ {{Three}},"logic":"{{logic}}"}""").Judge(Full).Holds.ShouldBe(holds);

    [Theory]
    [InlineData("4", "there is no rule 4 at character 1")]
    [InlineData("1 and", "expected a rule number at character 6")]
    [InlineData("1 2", "expected 'and', 'or' or the end at character 3")]
    [InlineData("(1", "expected ')' at character 3")]
    [InlineData("1 xor 2", "expected 'and', 'or' or the end at character 3")]
    [InlineData("not 1", "'not' is not a rule number at character 1")]
    public void A_fault_of_logic_says_its_place(string logic, string fault) =>
        Binding($$"""{ {{Three}},"logic":"{{logic}}"}""").Fault.ShouldBe("rules.logic: " + fault);

    [Theory]
    [InlineData("""{"2":{"name":"order.amount","conditions":{"$more_than":["x"]}}}""", "rules.2.conditions.$more_than: must be a number")]
    [InlineData("""{"1":{"name":"order.amount","conditions":{"$more_than":[1,2]}}}""", "rules.1.conditions.$more_than: must be a single value")]
    [InlineData("""{"1":{"name":"order.amount","conditions":{"$starts_with":["x"]}}}""", "rules.1.conditions.$starts_with: $starts_with is unknown or does not fit")]
    [InlineData("""{"1":{"name":"order.colour","conditions":{}}}""", "rules.1.name: 'order.colour' is unknown")]
    [InlineData("""{"1":{"name":"order.amount","conditions":{}}}""", "rules.1.conditions: must not be empty")]
    [InlineData("""{"1":{"name":"order.metadata","conditions":{"$is":["x"]}}}""", "rules.1.property: is required for order.metadata")]
    [InlineData("""{"1":{"name":"order.metadata","property":"a","conditions":{"$after":["x"]}}}""", "rules.1.conditions.$after: must be a single ISO 8601 date or date-time")]
    [InlineData("""{"x":{}}""", "rules.x: is not a rule number")]
    [InlineData("""{"1":5}""", "rules.1: must be an object")]
    [InlineData("""{"1":{"name":"order.items.any","rules":{"1":{"name":"order.amount","conditions":{"$is":[1]}}}}}""", "rules.1.rules.1.name: 'order.amount' cannot be a rule of order.items.any")]
    [InlineData("""{"1":{"name":"product.metadata.discount_applicable","conditions":{"$is":[true]}}}""", "rules.1: needs a product.metadata rule that says which")]
    [InlineData("""{"1":{"name":"product.id","conditions":{"$is":["a"]},"rules":{"1":{"name":"product.metadata.discount_applicable","conditions":{"$is":[true]}}}}}""", "rules.1.rules.1: needs a product.metadata rule that says which")]
    [InlineData("""{"1":{"name":"order.metadata","property":"a","conditions":{"$is":["\ud800"]}}}""", "rules.1.conditions.$is: must be texts, numbers, true or false")]
    public void A_fault_says_its_place(string rules, string fault) => Binding(rules).Fault.ShouldBe(fault);

    [Theory]
    [InlineData("""{"limit":0}""", "bundle_rules.limit: must be a whole number from 1 to 100")]
    [InlineData("""{"1":{"name":"order.amount"}}""", "bundle_rules.1.name: must be order.items.any")]
    [InlineData("""{"1":{"name":"order.items.any","conditions":{"$is":[]}}}""", "bundle_rules.1.conditions.$is: must be a list of one")]
    public void A_fault_of_a_bundle_says_its_place(string bundle, string fault) => Binding("{}", bundle).Fault.ShouldBe(fault);

    [Fact]
    public void Too_many_rules_and_too_deep_brackets_are_refused()
    {
        Binding("{" + string.Join(',', Enumerable.Range(1, 101).Select(i => $$"""  "{{i}}":{"name":"order.amount","conditions":{"$is":[1]} }  """)) + "}").Fault.ShouldBe("rules: more than 100 rules");
        Binding($$"""{ {{Three}},"logic":"{{new string('(', 33)}}1{{new string(')', 33)}}"}""").Fault!.ShouldContain("more than 32 brackets");
    }

    [Fact]
    public void Too_many_operands_and_too_deep_rules_are_refused()
    {
        string Operands(int count) => Single("order.amount", "$is", $"[{string.Join(',', Enumerable.Repeat("1", count))}]");
        Binding(Operands(1_000)).Fault.ShouldBeNull();
        Binding(Operands(1_001)).Fault.ShouldBe("rules.1.conditions.$is: more than 1000 operands");
        string Deep(int levels) => levels == 0 ? "{}" : Single("product.metadata:p", "$is", "[1]", Deep(levels - 1));
        Binding(Deep(5)).Fault.ShouldBeNull();
        Binding(Deep(6)).Fault.ShouldBe("rules.1.rules.1.rules.1.rules.1.rules.1.rules: more than 5 levels of rules");
    }

    [Theory]
    [InlineData("sku", true)]
    [InlineData("product", false)]
    public void A_source_id_names_a_sku_only_as_one(string kind, bool holds)
    {
        var cart = Cart.Open([new() { SourceId = "own", RelatedObject = RelatedObject.Sku, Price = 1 }]).Cart;
        Bind(Single("order.items.any", "$is", $$"""[{"source_id":"own","object":"{{kind}}"}]""")).Judge(Full with { Before = cart }).Holds.ShouldBe(holds);
    }

    [Theory]
    [InlineData("1 and 2", null)]
    [InlineData("", null)]
    [InlineData("1 or 2", "bundle_rules.logic: must join rules by 'and'")]
    [InlineData("1 and 3", "bundle_rules.logic: must join rules by 'and'")]
    public void The_parts_of_a_bundle_are_joined_by_and(string logic, string? fault) =>
        Binding("{}", $$"""{ {{Part(1, "shirt", "product", 1)}},{{Part(2, "lamp", "product", 1)}},"logic":"{{logic}}"}""").Fault.ShouldBe(fault);

    [Theory]
    [InlineData("campaign.redemptions.count.weekly", "camp_1", "", UsageWindow.Week)]
    [InlineData("campaign.redemptions.customers_count.monthly", "camp_1", "customer:cust", UsageWindow.Month)]
    [InlineData("redemption.count.monthly", "v_1", "", UsageWindow.Month)]
    [InlineData("redemption.count.per_customer.weekly", "v_1", "customer:cust", UsageWindow.Week)]
    [InlineData("redemption.count.per_api_key", "v_1", "key:key_1", UsageWindow.Ever)]
    [InlineData("redemption.count.per_user", "v_1", "user:ann@shop.test", UsageWindow.Ever)]
    public void A_counter_reads_its_own_window_and_scope(string name, string owner, string scope, UsageWindow window)
    {
        var rule = Bind(Single(name, "$is", "[8]"));
        rule.Judge(Used((new(owner, scope, window), new Usage(Uses: 7)))).Holds.ShouldBeTrue();
        rule.Judge(Used((new(owner, scope, UsageWindow.Day), new Usage(Uses: 7)))).Holds.ShouldBeFalse();
    }

    [Fact]
    public void Details_name_what_cannot_be_redeemed()
    {
        var rule = Bind(Single("order.amount", "$is", "[1]"));
        string Details(Incentive incentive) => rule.Judge(Full with { Incentive = incentive }).Refusal!.Details!;
        Details(Coupon).ShouldStartWith("Discount Coupon cannot");
        Details(Coupon with { Benefit = new GiftBenefit(1) }).ShouldStartWith("Gift Card cannot");
        Details(Bare.Incentive).ShouldStartWith("Promotion Tier cannot");
    }

    [Fact]
    public void A_limit_counts_the_redemption_that_asks_and_is_reported_for_the_commit()
    {
        var rule = Bind(Single("campaign.redemptions.count", "$less_than", "[3]"));
        rule.Needs.ShouldBe([new UsageNeed(true, UsageScope.Everybody, UsageWindow.Ever)]);
        rule.Judge(Used((Campaign, new Usage(Uses: 1)))).Limits.ShouldBe([new UsageLimit(Campaign, UsageMeasure.Uses, 2)]);
        var full = rule.Judge(Used((Campaign, new Usage(Uses: 2))));
        full.Refusal!.Key.ShouldBe("redemption_rules_violated");
        full.Refusal.Details.ShouldBe("Discount Coupon cannot be redeemed because of violated validation rules: val_1");
        full.Limits.ShouldBeEmpty();
        full.Steps[0].Change.ShouldBeNull();
    }

    [Theory]
    [InlineData("1 and 2", 2)]
    [InlineData("1 or 2", 1)]
    [InlineData("1 or 3", 0)]
    [InlineData("1 and (2 or 3)", 1)]
    public void Limits_bind_as_far_as_the_verdict_rests_on_them(string logic, int limits)
    {
        var rule = Bind($$"""
            {"1":{"name":"campaign.redemptions.count","conditions":{"$is":[1]} },
             "2":{"name":"redemption.count.per_customer.daily","conditions":{"$less_than_or_equal":[1]} },
             "3":{"name":"order.amount","conditions":{"$more_than":[1]} },"logic":"{{logic}}"}
            """);
        rule.Judge(Full).Limits.ShouldBe(new UsageLimit[] { new(Campaign, UsageMeasure.Uses, 1), new(OfCustomer, UsageMeasure.Uses, 1) }.Take(limits));
    }

    [Fact]
    public void The_failing_condition_speaks_first_then_the_fallback()
    {
        var rules = $$"""{ {{Three}} }""";
        Bind(rules, message: "No luck").Judge(Full).Refusal!.CustomerMessage.ShouldBe("Buy more");
        Bind(rules, message: "No luck").Judge(Bare).Refusal!.CustomerMessage.ShouldBe("No luck");
        Bind(rules).Judge(Bare).Refusal!.CustomerMessage.ShouldBeNull();
        Bind(Single("customer.segment", "$is", "[\"x\"]")).Judge(Bare).Refusal!.Key.ShouldBe("missing_customer");
    }

    [Fact]
    public void Families_out_of_scope_are_left_out_and_count_as_true()
    {
        var verdict = Bind($$"""{ {{Three}} }""").Judge(Full with { Scope = RuleFamilies.Audience });
        verdict.Holds.ShouldBeTrue();
        verdict.Omitted.ShouldBe(["1", "2"]);
        verdict.Steps.Select(step => step.Holds).ShouldBe([null, null, true]);
    }

    [Fact]
    public void A_step_names_the_condition_what_it_saw_and_what_it_needed()
    {
        var step = Bind(Single("order.items.any", "$is", "[\"shirt\"]", """{"1":{"name":"order.items.price","conditions":{"$more_than":[3000]}}}""")).Judge(Full).Steps[1];
        (step.Path, step.Name, step.Operator, step.Seen, step.Needed).ShouldBe(("1.rules.1", "order.items.price", "$more_than", "3000", "3000"));
        step.Change.ShouldBe(new RuleChange("order.items.price", "3001"));
    }

    private static string Part(int number, string id, string kind, int quantity) => $$$"""
        "{{{number}}}":{"name":"order.items.any","conditions":{"$is":[{"id":"{{{id}}}","type":"product_or_sku","object":"{{{kind}}}"}]},"rules":{"1":{"name":"order.items.aggregated_quantity","conditions":{"$is":[{{{quantity}}}]},"rules":{}},"logic":"1"}}
        """;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(9, 2)]
    public void Bundles_are_counted_up_to_the_limit(int limit, int expected)
    {
        var verdict = Bind("{}", $$"""{ {{Part(1, "shirt", "product", 1)}},{{Part(2, "clothes", "products_collection", 2)}},"limit":{{limit}} }""").Judge(Full);
        verdict.Bundles!.Quantity.ShouldBe(expected, "two shirts and four socks");
        verdict.Bundles.Missing.ShouldBeEmpty();
        verdict.Bundles.Identified.Sum(part => part.Quantity).ShouldBe(3 * expected);
    }

    [Fact]
    public void An_incomplete_bundle_fails_and_says_what_it_has_and_lacks()
    {
        var rule = Bind("{}", $$"""{ {{Part(1, "shirt", "product", 3)}},{{Part(2, "lamp", "product", 1)}} }""");
        var verdict = rule.Judge(Full);
        verdict.Refusal!.Key.ShouldBe("order_rules_violated");
        verdict.Bundles!.Identified.Select(part => (part.Id, part.Quantity, part.Lines[0])).ShouldBe([("shirt-m", 2, 0), ("lamp", 1, 2)]);
        verdict.Bundles.Missing.ShouldBe([new BundlePart("shirt", "product", 1) { Lines = verdict.Bundles.Missing[0].Lines }]);
        rule.Judge(Full with { CompleteBundles = false }).Holds.ShouldBeTrue();
        rule.Judge(Full).Steps.Select(step => (step.Name, step.Holds)).ShouldBe([("bundle_rules", false)], "each verdict has steps of its own");
        Bind(Single("order.items.any", "$is", "null").Replace("\"$is\":null", "")).Judge(Bare).Steps.ShouldHaveSingleItem().Holds.ShouldBe(false);
    }

    [Fact]
    public void A_rule_that_cannot_be_bound_any_more_never_holds()
    {
        foreach (var facts in new[] { Ruling.Full, Ruling.Bare, Ruling.Full with { Scope = RuleFamilies.None } })
        {
            var verdict = Rule.Never("val_lost").Judge(facts);
            verdict.Holds.ShouldBeFalse();
            verdict.Refusal!.Details!.ShouldContain("val_lost");
        }
    }
}
