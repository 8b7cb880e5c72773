using NodaTime;
using NodaTime.Text;

namespace Scrip.Engine.Rules;

/// <summary>
/// A date or a date-time as a text of attributes or operands. A date alone begins at the start of its day in the
/// project's time zone. Years outside 1000 to 9000 are not read, so that no calculation leaves the calendar.
/// </summary>
internal readonly struct Moment
{
    private static readonly LocalDatePattern Day = LocalDatePattern.Iso;
    private static readonly OffsetDateTimePattern WithOffset = OffsetDateTimePattern.ExtendedIso;
    private static readonly LocalDateTimePattern Local = LocalDateTimePattern.ExtendedIso;

    private readonly LocalDateTime local;
    private readonly Instant? instant;

    private Moment(LocalDateTime local, Instant? instant) => (this.local, this.instant) = (local, instant);

    public static Moment? Read(string text)
    {
        if (text.Length is < 10 or > 40 || text[4] != '-') return null;
        if (text.Length == 10) return Day.Parse(text) is { Success: true, Value: var date } && Sound(date.Year) ? new(date.AtMidnight(), null) : null;
        if (WithOffset.Parse(text) is { Success: true, Value: var exact }) return Sound(exact.Year) ? new(default, exact.ToInstant()) : null;
        return Local.Parse(text) is { Success: true, Value: var wall } && Sound(wall.Year) ? new(wall, null) : null;
    }

    public Instant In(DateTimeZone zone) => instant ?? zone.AtLeniently(local).ToInstant();

    private static bool Sound(int year) => year is >= 1000 and <= 9000;
}
