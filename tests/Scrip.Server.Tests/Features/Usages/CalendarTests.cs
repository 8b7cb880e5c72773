using NodaTime;
using Scrip.Engine.Facts;
using Scrip.Server.Features.Usages;

namespace Scrip.Server.Tests.Features.Usages;

public sealed class CalendarTests
{
    private static readonly DateTimeZone Warsaw = DateTimeZoneProviders.Tzdb["Europe/Warsaw"];

    [Theory]
    [InlineData("2026-11-24T22:59:59Z", "D2026-11-24", "W2026-11-23", "M2026-11")]
    [InlineData("2026-11-30T23:30:00Z", "D2026-12-01", "W2026-11-30", "M2026-12")]
    [InlineData("2027-01-03T10:00:00Z", "D2027-01-03", "W2026-12-28", "M2027-01")]
    public void Windows_are_named_by_the_calendar_of_the_project(string instant, string day, string week, string month) =>
        UsageCalendar.Windows.Select(Calendar(instant).Name).ShouldBe(["", day, week, month]);

    [Fact]
    public void A_week_begins_on_the_first_day_of_the_project() =>
        UsageCalendar.Of(Ms("2026-11-24T12:00:00Z"), Warsaw, IsoDayOfWeek.Sunday).Name(UsageWindow.Week).ShouldBe("W2026-11-22");

    [Fact]
    public void A_day_lasts_from_midnight_to_midnight_even_when_clocks_change()
    {
        var (from, until) = Calendar("2026-10-25T12:00:00Z").Span(UsageWindow.Day);
        from.ShouldBe(Ms("2026-10-24T22:00:00Z"));
        until.ShouldBe(Ms("2026-10-25T23:00:00Z"));
    }

    [Fact]
    public void A_name_of_another_day_is_no_window_of_this_one() => Calendar("2026-11-24T12:00:00Z").Window("D2026-11-23").ShouldBeNull();

    private static UsageCalendar Calendar(string instant) => UsageCalendar.Of(Ms(instant), Warsaw);

    private static long Ms(string instant) => NodaTime.Text.InstantPattern.General.Parse(instant).Value.ToUnixTimeMilliseconds();
}
