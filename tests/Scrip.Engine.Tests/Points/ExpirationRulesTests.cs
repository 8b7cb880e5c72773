using NodaTime;
using NodaTime.Text;
using Scrip.Engine.Points;

namespace Scrip.Engine.Tests.Points;

public class ExpirationRulesTests
{
    [Theory]
    // Months, to the end of the month where the day is missing.
    [InlineData("2026-01-25", 1, RoundUp.None, 0, "2026-02-25")]
    [InlineData("2026-01-31", 1, RoundUp.None, 0, "2026-02-28")]
    [InlineData("2024-01-31", 1, RoundUp.None, 0, "2024-02-29")]
    [InlineData("2026-01-01", 0, RoundUp.None, 0, "2026-01-01")]
    [InlineData("2026-11-30", 3, RoundUp.None, 0, "2027-02-28")]
    // Moved to the end of a stretch.
    [InlineData("2026-01-10", 1, RoundUp.EndOfMonth, 0, "2026-02-28")]
    [InlineData("2026-01-10", 3, RoundUp.EndOfQuarter, 0, "2026-06-30")]
    [InlineData("2026-12-31", 3, RoundUp.EndOfQuarter, 0, "2027-03-31")]
    [InlineData("2026-01-10", 6, RoundUp.EndOfHalfYear, 0, "2026-12-31")]
    [InlineData("2026-01-10", 5, RoundUp.EndOfHalfYear, 0, "2026-06-30")]
    [InlineData("2026-01-10", 12, RoundUp.EndOfYear, 0, "2027-12-31")]
    [InlineData("2026-01-10", 0, RoundUp.ParticularMonth, 2, "2026-02-28")]
    [InlineData("2026-02-28", 0, RoundUp.ParticularMonth, 2, "2026-02-28")]
    [InlineData("2026-03-01", 0, RoundUp.ParticularMonth, 2, "2027-02-28")]
    public void Months_after_the_day_they_came(string came, int months, RoundUp rounding, int month, string last) =>
        Day(new ExpirationRules(months, rounding, month, 0).LastDay(Of(came))).ShouldBe(last);

    [Theory]
    [InlineData("2026-01-01", 1, 1, "2026-01-01")]
    [InlineData("2026-01-02", 1, 1, "2027-01-01")]
    [InlineData("2026-06-30", 12, 31, "2026-12-31")]
    [InlineData("2026-02-28", 2, 29, "2026-02-28")]
    [InlineData("2027-03-01", 2, 29, "2028-02-29")]
    public void A_day_of_the_year(string came, int month, int day, string last) =>
        Day(new ExpirationRules(null, RoundUp.None, month, day).LastDay(Of(came))).ShouldBe(last);

    [Fact]
    public void The_last_day_is_never_before_the_day_they_came_nor_over_before_a_later_one()
    {
        var random = new Random(71);
        for (var i = 0; i < 5000; i++)
        {
            var rules = random.Next(3) == 0
                ? new ExpirationRules(null, RoundUp.None, random.Next(1, 13), random.Next(1, 32))
                : new ExpirationRules(random.Next(0, 40), (RoundUp)random.Next(6), random.Next(1, 13), 0);
            var came = new LocalDate(2020, 1, 1).PlusDays(random.Next(4000));
            rules.LastDay(came).ShouldBeGreaterThanOrEqualTo(came, $"{rules} {came}");
            rules.LastDay(came.PlusDays(1)).ShouldBeGreaterThanOrEqualTo(rules.LastDay(came), $"{rules} {came}");
        }
    }

    private static LocalDate Of(string text) => LocalDatePattern.Iso.Parse(text).Value;

    private static string Day(LocalDate day) => LocalDatePattern.Iso.Format(day);
}
