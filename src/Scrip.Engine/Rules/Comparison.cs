using NodaTime;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;

namespace Scrip.Engine.Rules;

/// <summary>How a value has to stand to the operand.</summary>
internal enum Order { Less, LessOrEqual, Equal, More, MoreOrEqual }

/// <summary>$less_than and its like between numbers.</summary>
internal sealed class Comparison(decimal operand, Order order) : Test
{
    public override decimal? Max => order switch
    {
        Order.Less => decimal.Ceiling(operand) - 1,
        Order.LessOrEqual => decimal.Floor(operand),
        _ => null,
    };

    public override decimal? Min => order switch
    {
        Order.More => decimal.Floor(operand) + 1,
        Order.MoreOrEqual => decimal.Ceiling(operand),
        _ => null,
    };

    public static bool Fits(int compared, Order order) => order switch
    {
        Order.Less => compared < 0,
        Order.LessOrEqual => compared <= 0,
        Order.Equal => compared == 0,
        Order.More => compared > 0,
        _ => compared >= 0,
    };

    public override Value Nearest(in Value seen, bool whole)
    {
        var to = order switch
        {
            Order.Less => decimal.Ceiling(operand) - 1,
            Order.LessOrEqual => whole ? decimal.Floor(operand) : operand,
            Order.More => decimal.Floor(operand) + 1,
            _ => whole ? decimal.Ceiling(operand) : operand,
        };
        // A whole number below zero is below the smallest that exists; from below, zero will do.
        if (whole && to < 0 && order is Order.More or Order.MoreOrEqual) to = 0;
        return Fits(to, whole) ? Value.OfNumber(to) : default;
    }

    protected override bool Check(in Value seen, Situation situation) =>
        seen.Kind == ValueKind.Number && Fits(seen.Number.CompareTo(operand), order);
}

/// <summary>$before, $after and the comparisons of date-times.</summary>
internal sealed class DateComparison(Moment operand, Order order) : Test
{
    protected override bool Check(in Value seen, Situation situation) =>
        seen.Kind == ValueKind.Text && Moment.Read(seen.String) is { } at
        && Comparison.Fits(at.In(situation.Zone).CompareTo(operand.In(situation.Zone)), order);
}

/// <summary>$more_than_ago and its like: calendar days between the date and today, in the project's time zone.</summary>
internal sealed class DaysAway(int operand, Order order, bool future) : Test
{
    protected override bool Check(in Value seen, Situation situation)
    {
        if (seen.Kind != ValueKind.Text || Moment.Read(seen.String) is not { } at) return false;
        var today = Instant.FromUnixTimeMilliseconds(situation.NowMs).InZone(situation.Zone).Date;
        var days = Period.DaysBetween(today, at.In(situation.Zone).InZone(situation.Zone).Date);
        if (!future) days = -days;
        return days >= 0 && Comparison.Fits(days.CompareTo(operand), order);
    }
}

/// <summary>$timeframe: within a window that repeats from a start.</summary>
internal sealed class InWindow((Moment Start, RepeatingWindow Window)[] windows) : Test
{
    protected override bool Check(in Value seen, Situation situation)
    {
        if (seen.Kind != ValueKind.Text || Moment.Read(seen.String) is not { } at) return false;
        foreach (var (start, window) in windows)
            if (window.Holds(at.In(situation.Zone), start.In(situation.Zone), situation.Zone)) return true;
        return false;
    }
}

/// <summary>$timeframe_absolute: between two date-times, the end excluded.</summary>
internal sealed class Between((Moment From, Moment To)[] spans) : Test
{
    protected override bool Check(in Value seen, Situation situation)
    {
        if (seen.Kind != ValueKind.Text || Moment.Read(seen.String) is not { } read) return false;
        var at = read.In(situation.Zone);
        foreach (var (from, to) in spans)
            if (at >= from.In(situation.Zone) && at < to.In(situation.Zone)) return true;
        return false;
    }
}

/// <summary>$dow and $timeframe_daily_hours: on days of the week (0 is Sunday) between two hours, in the project's time zone.</summary>
internal sealed class WeekHours((LocalTime From, LocalTime To, int Days)[] spans) : Test
{
    protected override bool Check(in Value seen, Situation situation)
    {
        if (seen.Kind != ValueKind.Text || Moment.Read(seen.String) is not { } read) return false;
        var at = read.In(situation.Zone).InZone(situation.Zone);
        var day = 1 << ((int)at.DayOfWeek % 7);
        foreach (var (from, to, days) in spans)
        {
            if (from < to || from == to)
            {
                if ((days & day) != 0 && at.TimeOfDay >= from && (at.TimeOfDay < to || from == to)) return true;
                continue;
            }
            // Hours past midnight belong to the day on which they began.
            var yesterday = 1 << (((int)at.DayOfWeek + 6) % 7);
            if (((days & day) != 0 && at.TimeOfDay >= from) || ((days & yesterday) != 0 && at.TimeOfDay < to)) return true;
        }
        return false;
    }
}
