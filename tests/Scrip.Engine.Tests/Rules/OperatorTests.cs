using static Scrip.Engine.Tests.Rules.Ruling;

namespace Scrip.Engine.Tests.Rules;

/// <summary>One row for each operator: an operand with which it holds and one with which it does not.</summary>
public class OperatorTests
{
    [Theory]
    [InlineData("city", "$is", "[\"Rome\",\"Oslo\"]", "[\"oslo\"]")]
    [InlineData("age", "$is", "[30.0]", "[\"30\"]")]
    [InlineData("vip", "$is", "[\"true\"]", "[false]")]
    [InlineData("city", "$is_not", "[\"Rome\"]", "[\"Oslo\",\"Rome\"]")]
    [InlineData("city", "$in", "[\"Rome\",\"Oslo\"]", "[\"Rome\"]")]
    [InlineData("city", "$not_in", "[\"Rome\"]", "[\"Oslo\"]")]
    [InlineData("age", "$less_than", "[30.5]", "[30]")]
    [InlineData("age", "$less_than_or_equal", "[30]", "[29.9]")]
    [InlineData("age", "$more_than", "[29]", "[30]")]
    [InlineData("age", "$more_than_or_equal", "[30]", "[31]")]
    [InlineData("age", "$greater_than_or_equal", "[30]", "[31]")]
    [InlineData("seen", "$less_than", "[\"2026-07-16\"]", "[\"2026-07-15\"]")]
    [InlineData("seen", "$more_than", "[\"2026-07-15T09:29:59Z\"]", "[\"2026-07-15T09:30:00Z\"]")]
    [InlineData("city", "$starts_with", "[\"Os\"]", "[\"os\"]")]
    [InlineData("city", "$ends_with", "[\"lo\"]", "[\"l\"]")]
    [InlineData("city", "$contains", "[\"x\",\"sl\"]", "[\"x\"]")]
    [InlineData("tags", "$is", "[3]", "[4]")]
    [InlineData("tags", "$is_not", "[4]", "[3]")]
    [InlineData("tags", "$count", "[3]", "[2]")]
    [InlineData("tags", "$count_more", "[2]", "[3]")]
    [InlineData("tags", "$count_less", "[4]", "[3]")]
    [InlineData("none", "$count", "[0]", "[1]")]
    [InlineData("tags", "$not_intersect", "[\"x\"]", "[\"a\",\"x\"]")]
    [InlineData("tags", "$not_differ", "[3,\"b\",\"a\"]", "[\"a\",\"b\"]")]
    [InlineData("seen", "$after", "[\"2026-07-15\"]", "[\"2026-07-15T10:00:00Z\"]")]
    [InlineData("seen", "$before", "[\"2026-07-15T11:30:01+02:00\"]", "[\"2026-07-15\"]")]
    [InlineData("born", "$more_than_ago", "[4]", "[5]")]
    [InlineData("born", "$less_than_ago", "[6]", "[5]")]
    [InlineData("born", "$is_days_ago", "[5]", "[4]")]
    [InlineData("due", "$more_than_future", "[2]", "[3]")]
    [InlineData("due", "$less_than_future", "[4]", "[3]")]
    [InlineData("due", "$is_days_in_future", "[3]", "[2]")]
    [InlineData("due", "$is_days_in_future", "[3]", "[0]")]
    [InlineData("seen", "$timeframe", "[\"2026-07-01T09:00:00Z;P1D;PT1H\"]", "[\"2026-07-01T09:00:00Z;P1D;PT30M\"]")]
    [InlineData("seen", "$timeframe_absolute", "[\"2026-07-15;2026-07-16\"]", "[\"2026-07-14;2026-07-15\"]")]
    [InlineData("seen", "$timeframe_daily_hours", "[\"11:30;12:00;3\"]", "[\"11:31;12:00;3\"]")]
    [InlineData("seen", "$timeframe_daily_hours", "[\"22:00;11:31;2\"]", "[\"22:00;11:31;3\"]")]
    [InlineData("seen", "$dow", "[0,3]", "[1,2]")]
    public void An_operator_holds_or_does_not(string property, string op, string holding, string failing)
    {
        Bind(Single("customer.metadata:" + property, op, holding)).Judge(Full).Holds.ShouldBeTrue();
        Bind(Single("customer.metadata:" + property, op, failing)).Judge(Full).Holds.ShouldBeFalse();
        Bind(Single("customer.metadata:absent", op, holding)).Judge(Full).Holds.ShouldBeFalse("what is missing meets nothing");
        Bind(Single("customer.metadata:absent", op, failing)).Judge(Full).Holds.ShouldBeFalse("what is missing meets nothing");
    }

    [Theory]
    [InlineData("order.amount", "$more_than_or_equal", "[20000]", "20000")]
    [InlineData("order.amount", "$more_than", "[20000.5]", "20001")]
    [InlineData("order.amount", "$less_than", "[100]", "99")]
    [InlineData("order.amount", "$is_not", "[12500]", "12501")]
    [InlineData("order.amount", "$less_than", "[0]", null)]
    [InlineData("customer.metadata:city", "$is", "[\"Rome\"]", "\"Rome\"")]
    [InlineData("customer.metadata:age", "$is", "[1,28]", "28")]
    [InlineData("customer.segment", "$is", "[\"seg_c\"]", "\"seg_c\"")]
    [InlineData("customer.segment", "$is_not", "[\"seg_a\"]", null)]
    [InlineData("order.items.any", "$is", "[{\"id\":\"hat\"}]", "\"hat\"")]
    [InlineData("order.items.price_any", "$more_than", "[6000]", "6001")]
    [InlineData("order.items.price_each", "$more_than", "[2999]", "3000")]
    [InlineData("order.items.price_each", "$more_than", "[3000]", null)]
    [InlineData("redemption.count", "$less_than", "[1]", null)]
    public void A_failing_condition_tells_the_smallest_change(string name, string op, string operand, string? to)
    {
        var step = Bind(Single(name, op, operand)).Judge(Full).Steps.ShouldHaveSingleItem();
        step.Holds.ShouldBe(false);
        step.Change?.To.ShouldBe(to);
        (step.Change is null).ShouldBe(to is null);
    }
}
