using CsCheck;

namespace Scrip.Engine.Tests;

public class MoneyTests
{
    [Theory]
    [InlineData("0.5", 1)]
    [InlineData("1.5", 2)]
    [InlineData("2.5", 3)]
    [InlineData("2.4999999999", 2)]
    [InlineData("-2.5", -3)]
    public void Halves_are_rounded_away_from_zero(string amount, long rounded) =>
        Money.Round(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(rounded);

    [Fact]
    public void Leftovers_go_to_the_largest_remainders() => Money.Spread(300, [3300, 3400]).ShouldBe([148, 152]);

    [Fact]
    public void Equal_remainders_favour_the_earlier_part() => Money.Spread(10, [1, 1, 1]).ShouldBe([4, 3, 3]);

    [Fact]
    public void The_largest_amounts_do_not_overflow()
    {
        Money.Percent(Money.Max, 100).ShouldBe(Money.Max);
        Money.Percent(Money.Max, 33.333333333333333333333333m).ShouldBe(3002399751580330);
        Money.Times(Money.Max, int.MaxValue).ShouldBeNull();
        Money.Spread(Money.Max, [Money.Max, Money.Max]).Sum().ShouldBe(Money.Max);
    }

    [Fact]
    public void Parts_add_up_to_the_whole_and_differ_from_the_exact_share_by_less_than_one() =>
        Gen.Select(Gen.Long[0, Money.Max], Gen.Long[0, Money.Max].Array[1, 12]).Sample((whole, weights) =>
        {
            var parts = Money.Spread(whole, weights);
            Int128 sum = 0;
            foreach (var weight in weights) sum += weight;
            parts.Sum().ShouldBe(sum == 0 ? 0 : whole);
            if (sum == 0) return;
            for (var i = 0; i < parts.Length; i++)
                Int128.Abs((Int128)whole * weights[i] - parts[i] * sum).ShouldBeLessThan(sum);
        });
}
