using CsCheck;
using NodaTime;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;

namespace Scrip.Engine.Tests.Redeeming;

/// <summary>
/// Stacking as small tables. A stack is written <c>a@vip b c@gift!</c>: a coupon of 1.00 each in a category (none
/// without @), with ! one that has expired, with 0 one that takes nothing. Answers are written in the order of
/// application: <c>a b-key</c>, a skipped or inapplicable one with its key.
/// Categories: vip and club are exclusive, gift and free are joint, news and sale are common.
/// </summary>
public class StackingTests
{
    private static readonly Dictionary<string, int> Hierarchies = new() { ["vip"] = 5, ["club"] = 4, ["gift"] = 1, ["free"] = 9, ["news"] = 2, ["sale"] = 3 };

    private static readonly StackingRules Wide = new()
    {
        ApplicationMode = ApplicationMode.Partial,
        ApplicableRedeemablesLimit = 30,
        ApplicableRedeemablesPerCategoryLimit = null,
        ApplicableExclusiveRedeemablesLimit = 5,
        ApplicableExclusiveRedeemablesPerCategoryLimit = null,
        ExclusiveCategories = ["vip", "club"],
        JointCategories = ["gift", "free"],
    };

    [Theory]
    [InlineData("a@news b@sale", "a b")]
    [InlineData("a b@news", "a b")]
    [InlineData("a@news b@vip", "a-exclusion_rules_not_met b")]
    [InlineData("a@vip b", "a b-exclusion_rules_not_met")]
    [InlineData("a@vip b@gift c@news", "a c-exclusion_rules_not_met b")]
    [InlineData("a@vip b@club", "a b")]
    [InlineData("a@gift b@news", "a b")]
    [InlineData("a@vip! b@news", "a-voucher_expired b")]
    [InlineData("a@vip! b@club c@news", "a-voucher_expired b c-exclusion_rules_not_met")]
    public void Exclusive_ones_shut_common_ones_out_as_long_as_one_of_them_holds(string stack, string answer) =>
        Of(Wide, stack).ShouldBe(answer);

    [Theory]
    [InlineData("a@free b@vip c@gift", "b a c")]
    [InlineData("a@free b@news", "a b")]
    public void Joint_ones_go_last_where_exclusive_ones_are_present(string stack, string answer) => Of(Wide, stack).ShouldBe(answer);

    [Theory]
    [InlineData("a@sale b@news c", "b a c")]
    [InlineData("a b@news", "b a")]
    [InlineData("a@news b@news", "a b")]
    [InlineData("a@free b@vip c@gift", "b c a")]
    public void The_hierarchy_puts_lower_numbers_first_and_ties_as_requested(string stack, string answer) =>
        Of(Wide with { SortingRule = SortingRule.CategoryHierarchy }, stack).ShouldBe(answer);

    [Fact]
    public void The_grouped_rule_can_leave_joint_ones_where_the_hierarchy_has_them() =>
        Of(Wide with { SortingRule = SortingRule.CategoryHierarchy, GroupedSortingRule = GroupedSortingRule.RedeemablesSortingRule }, "a@free b@vip c@gift").ShouldBe("c b a");

    [Theory]
    [InlineData("a@news b@news c@sale", "a b-applicable_redeemables_per_category_limit_exceeded c")]
    [InlineData("a b c", "a b c")]
    [InlineData("a@sale b@sale c@sale", "a b c-applicable_redeemables_per_category_limit_exceeded")]
    [InlineData("a@news! b@news", "a-voucher_expired b")]
    public void A_category_takes_as_many_as_its_own_limit_or_the_common_one_allows(string stack, string answer) =>
        Of(Wide with { ApplicableRedeemablesPerCategoryLimit = 1, ApplicableRedeemablesCategoryLimits = new Dictionary<string, int> { ["sale"] = 2 } }, stack).ShouldBe(answer);

    [Fact]
    public void The_total_limit_skips_what_is_over_it() =>
        Of(Wide with { ApplicableRedeemablesLimit = 2 }, "a b@news c@sale d!").ShouldBe("a b c-applicable_redeemables_limit_exceeded d-voucher_expired");

    [Theory]
    [InlineData(1, null, "a@vip b@club", "a b-applicable_exclusive_redeemables_limit_exceeded")]
    [InlineData(5, 1, "a@vip b@vip c@club", "a b-applicable_exclusive_redeemables_per_category_limit_exceeded c")]
    public void Exclusive_ones_have_limits_of_their_own(int limit, int? perCategory, string stack, string answer) =>
        Of(Wide with { ApplicableExclusiveRedeemablesLimit = limit, ApplicableExclusiveRedeemablesPerCategoryLimit = perCategory }, stack).ShouldBe(answer);

    [Theory]
    [InlineData("a! b c", "a-voucher_expired b-preceding_validation_failed c-preceding_validation_failed")]
    [InlineData("a b! c", "a b-voucher_expired c-preceding_validation_failed")]
    public void Under_ALL_what_follows_a_failure_is_skipped_and_nothing_is_valid(string stack, string answer)
    {
        var decision = Decide(Wide with { ApplicationMode = ApplicationMode.All }, stack);
        Say(decision).ShouldBe(answer);
        decision.Valid.ShouldBeFalse();
    }

    [Theory]
    [InlineData("a0@news b0@sale c0", "a b-no_effect c")]
    public void Categories_decide_for_themselves_whether_no_effect_is_redeemed(string stack, string answer) =>
        Of(Wide with { NoEffectSkipCategories = ["sale"] }, stack).ShouldBe(answer);

    [Theory]
    [InlineData("a0@news b0@sale c0", "a b-no_effect c-no_effect")]
    public void And_the_other_way_round(string stack, string answer) =>
        Of(Wide with { NoEffectRule = NoEffectRule.Skip, NoEffectRedeemAnywayCategories = ["news"] }, stack).ShouldBe(answer);

    /// <summary>The vendor's page "Using stacking rules and categories": 10 % and 20 % of 100.00.</summary>
    [Theory]
    [InlineData(DiscountCalculationMode.DiscountedAmount, "", "", 2800)]
    [InlineData(DiscountCalculationMode.InitialAmount, "", "", 3000)]
    [InlineData(DiscountCalculationMode.DiscountedAmount, "sale", "", 3000)]
    [InlineData(DiscountCalculationMode.InitialAmount, "", "sale", 2800)]
    public void Percentages_are_of_the_initial_or_the_discounted_amount(DiscountCalculationMode mode, string initial, string discounted, long off)
    {
        var rules = Wide with { DiscountCalculationMode = mode, InitialAmountModeCategories = [initial], DiscountedAmountModeCategories = [discounted] };
        var decision = Deciding.Decide(new DecisionFacts(Cart.Open([], 10000).Cart,
            [Coupon("a", "news", new PercentOff(10)), Coupon("b", "sale", new PercentOff(20))], rules, Situation));
        decision.Cart!.TotalDiscountAmount.ShouldBe(off);
    }

    [Fact]
    public void Under_ONCE_the_first_redeemable_closes_the_products_it_touches()
    {
        var cart = Cart.Open([new CartLine { ProductId = "shirt", Price = 1000 }, new CartLine { ProductId = "mug", Price = 500 }, new CartLine { ProductId = "shirt", SkuId = "red", Price = 900 }]).Cart;
        Redeemable[] stack =
        [
            Coupon("a", null, new AmountOff(100, DiscountEffect.ApplyToItems)) with { Targets = Targets.OfIds(["red"], []) },
            Coupon("b", null, new AmountOff(50, DiscountEffect.ApplyToItems)),
            Coupon("c", null, new AmountOff(10)),
        ];
        long[] Off(ProductsApplicationMode mode)
        {
            var after = Deciding.Decide(new DecisionFacts(cart, stack, Wide with { ProductsApplicationMode = mode }, Situation)).Cart!;
            return [.. after.Lines.Select(line => line.DiscountAmount), after.DiscountAmount];
        }

        Off(ProductsApplicationMode.Stack).ShouldBe([50, 50, 150, 10]);
        Off(ProductsApplicationMode.Once).ShouldBe([0, 50, 100, 10]);
    }

    [Fact]
    public void Limits_hold_and_every_redeemable_is_answered_once() => Gen.Select(
        Gen.Select(Gen.Char['a', 'z'], Gen.OneOfConst("", "@vip", "@club", "@gift", "@free", "@news", "@sale"), Gen.OneOfConst("", "", "!", "0")).List[1, 12],
        Gen.Int[1, 6], Gen.Int[1, 3], Gen.Int[1, 3], Gen.Bool, Gen.Bool).Sample((drawn, total, category, exclusive, partial, hierarchy) =>
    {
        var stack = drawn.DistinctBy(one => one.Item1).ToArray();
        var rules = Wide with
        {
            ApplicableRedeemablesLimit = total,
            ApplicableRedeemablesPerCategoryLimit = category,
            ApplicableExclusiveRedeemablesLimit = exclusive,
            ApplicationMode = partial ? ApplicationMode.Partial : ApplicationMode.All,
            SortingRule = hierarchy ? SortingRule.CategoryHierarchy : SortingRule.RequestedOrder,
        };
        var decision = Decide(rules, string.Join(' ', stack.Select(one => $"{one.Item1}{(one.Item3 == "0" ? "0" : "")}{one.Item2}{(one.Item3 == "!" ? "!" : "")}")));
        var applied = decision.Outcomes.Where(outcome => outcome.Status == RedeemableStatus.Applicable).Select(outcome => (Incentive)outcome.Redeemable).ToList();

        decision.Outcomes.Select(outcome => outcome.Redeemable.RequestedId).Order().ShouldBe(stack.Select(one => one.Item1.ToString()).Order());
        applied.Count.ShouldBeLessThanOrEqualTo(total);
        applied.GroupBy(one => one.Category?.Id).Where(group => group.Key is not null).ShouldAllBe(group => group.Count() <= category);
        applied.Count(IsExclusive).ShouldBeLessThanOrEqualTo(exclusive);
        if (applied.Exists(IsExclusive)) applied.Where(one => !IsExclusive(one)).Select(one => one.Category?.Id).ShouldAllBe(id => id == "gift" || id == "free");

        bool IsExclusive(Incentive one) => one.Category is not null && rules.ExclusiveCategories.Contains(one.Category.Id);
    });

    private static readonly Situation Situation = new() { NowMs = 1_000_000, Zone = DateTimeZone.Utc };

    private static string Of(StackingRules rules, string stack) => Say(Decide(rules, stack));

    private static string Say(Decision decision) => string.Join(' ', decision.Outcomes.Select(outcome =>
        outcome.Redeemable.RequestedId + (outcome.Refusal is { } refusal ? "-" + refusal.Key : "")));

    private static Decision Decide(StackingRules rules, string stack) =>
        Deciding.Decide(new DecisionFacts(Cart.Open([], 100_000).Cart, [.. stack.Split(' ').Select(Read)], rules, Situation));

    private static Redeemable Read(string word)
    {
        var (name, category) = (word.TrimEnd('!').Split('@')[0], word.TrimEnd('!').Split('@').ElementAtOrDefault(1));
        var coupon = Coupon(name.TrimEnd('0'), category, new AmountOff(name.EndsWith('0') ? 0 : 100));
        return word.EndsWith('!') ? coupon with { Schedule = new Schedule(ExpiresAt: 1) } : coupon;
    }

    private static VoucherRedeemable Coupon(string code, string? category, Discount discount) => new(code)
    {
        Id = "v_" + code,
        Code = code,
        Benefit = new DiscountBenefit(discount),
        Category = category is null ? null : new Category(category, category, Hierarchies[category]),
    };
}
