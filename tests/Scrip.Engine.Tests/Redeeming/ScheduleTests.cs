using NodaTime;
using NodaTime.Text;
using Scrip.Engine.Redeeming;

namespace Scrip.Engine.Tests.Redeeming;

public class ScheduleTests
{
    private static readonly DateTimeZone Warsaw = DateTimeZoneProviders.Tzdb["Europe/Warsaw"];

    [Theory]
    [InlineData("P2D", "P1D", "2026-01-01T23:59:59", true)]
    [InlineData("P2D", "P1D", "2026-01-02T00:00:00", false)]
    [InlineData("P2D", "P1D", "2026-01-03T12:00:00", true)]
    [InlineData("P1D", "PT1H", "2026-07-10T00:59:59", true)]
    [InlineData("P1D", "PT1H", "2026-07-10T01:00:00", false)]
    [InlineData("P1D", "PT1H", "2026-07-10T23:59:59", false)]
    [InlineData("P1M", "P1D", "2027-03-01T05:00:00", true)]
    [InlineData("P1M", "P1D", "2027-02-28T05:00:00", false)]
    [InlineData("P1D", "P2D", "2026-01-02T12:00:00", true)]
    [InlineData("P1D", "P1D", "2025-12-31T12:00:00", false)]
    public void A_window_repeats_from_the_start_in_local_time(string interval, string duration, string local, bool open)
    {
        var window = RepeatingWindow.Parse(interval, duration).ShouldNotBeNull();
        var frame = new ValidityFrame(window, [], []);
        frame.Holds(At(local), At("2026-01-01T00:00:00"), Warsaw).ShouldBe(open);
    }

    [Theory]
    [InlineData("P0D", "PT1H")]
    [InlineData("P1D", "")]
    [InlineData("1 day", "PT1H")]
    [InlineData("P-1D", "PT1H")]
    [InlineData(null, "PT1H")]
    public void Texts_that_are_no_forward_period_are_not_read(string? interval, string? duration) =>
        RepeatingWindow.Parse(interval, duration).ShouldBeNull();

    [Theory]
    [InlineData("2026-11-22T12:00:00", true)]
    [InlineData("2026-11-23T12:00:00", false)]
    [InlineData("2026-11-28T12:00:00", true)]
    public void Day_0_is_Sunday_and_day_6_is_Saturday(string local, bool open) =>
        new ValidityFrame(null, [0, 6], []).Holds(At(local), null, Warsaw).ShouldBe(open);

    [Theory]
    [InlineData("2026-11-24T08:59:59", false)]
    [InlineData("2026-11-24T09:00:00", true)]
    [InlineData("2026-11-24T11:00:00", true)]
    [InlineData("2026-11-24T11:00:01", false)]
    [InlineData("2026-11-25T10:00:00", false)]
    [InlineData("2026-11-28T01:30:00", true)]
    [InlineData("2026-11-29T01:30:00", false)]
    public void Hours_hold_on_their_days_and_reach_over_midnight(string local, bool open) =>
        new ValidityFrame(null, [], [
            new DailyHours(new LocalTime(9, 0), new LocalTime(11, 0), [2, 4]),
            new DailyHours(new LocalTime(22, 0), new LocalTime(2, 0), [5]),
        ]).Holds(At(local), null, Warsaw).ShouldBe(open);

    private static long At(string local) =>
        LocalDateTimePattern.ExtendedIso.Parse(local).Value.InZoneLeniently(Warsaw).ToInstant().ToUnixTimeMilliseconds();
}
