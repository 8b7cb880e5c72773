using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using Scrip.Server.Platform.Filters;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Segments;

/// <summary>One condition on one field of a customer.</summary>
sealed class SegmentCondition
{
    readonly SegmentField on;
    readonly FieldCondition? condition;
    readonly Func<LocalDate, LocalDate, bool>? birthday;

    SegmentCondition(SegmentField on, FieldCondition? condition, Func<LocalDate, LocalDate, bool>? birthday) =>
        (this.on, this.condition, this.birthday) = (on, condition, birthday);

    /// <summary>What it looks at.</summary>
    public IEnumerable<string> Mentions => on.Topic == Topics.Segments
        ? condition!.Operands.Select(one => Topics.SegmentPrefix + one.Text)
        : [on.Topic];

    /// <summary>Whether time alone changes whom it holds for.</summary>
    public bool IsTimed => birthday is not null || condition?.Test == Test.Days;

    /// <exception cref="Platform.ApiFault">The operator is unknown or does not fit the field.</exception>
    public static SegmentCondition Read(SegmentField on, string op, JsonElement[] values, string at)
    {
        if (on.IsBirthday && Birthday(op, values, at) is { } birthday) return new(on, null, birthday);
        var condition = FieldCondition.Read(on.Path, on.IsBirthday ? FieldKind.Metadata : on.Kind, op, values, at, readsDates: true);
        if (on.Topic == Topics.Segments && condition.Test is not Test.Among) throw Checks.Wrong(at, "does not go with this field");
        return new(on, condition, null);
    }

    // Of the day of birth, the day in this year and its month count; a true is all that such a condition has.
    static Func<LocalDate, LocalDate, bool>? Birthday(string op, JsonElement[] values, string at)
    {
        Func<LocalDate, LocalDate, bool>? test = op switch
        {
            "$today" => static (born, today) => IsOn(born, today),
            "$tomorrow" => static (born, today) => IsOn(born, today.PlusDays(1)),
            "$yesterday" => static (born, today) => IsOn(born, today.PlusDays(-1)),
            "$this_month" => static (born, today) => born.Month == today.Month,
            "$next_month" => static (born, today) => born.Month == today.PlusMonths(1).Month,
            "$previous_month" => static (born, today) => born.Month == today.PlusMonths(-1).Month,
            _ => null,
        };
        if (test is null) return null;
        return values is [{ ValueKind: JsonValueKind.True }] ? test : throw Checks.Wrong(at, "must be true");
    }

    // Who was born on 29 February has the birthday on the 28th in other years.
    static bool IsOn(LocalDate born, LocalDate day) =>
        born.Month == day.Month && (born.Day == day.Day || (born is { Month: 2, Day: 29 } && day.Day == 28 && !CalendarSystem.Iso.IsLeapYear(day.Year)));

    /// <summary>Whether it holds for somebody. Of loyalty tiers nothing does: there are none yet.</summary>
    public bool Holds(Person person, DateTimeZone zone, long now)
    {
        if (on.Topic == Topics.Loyalty && on.Path.StartsWith("loyalty_tier", StringComparison.Ordinal)) return false;
        if (birthday is not null) return person.Birthdate is { } born && birthday(born, Instant.FromUnixTimeMilliseconds(now).InZone(zone).Date);
        if (on.IsBirthday) return condition!.Holds(person.Birthdate is { } day ? [new FieldValue(LocalDatePattern.Iso.Format(day), null)] : [], false, now);
        var (values, isArray) = person.Values(on);
        return condition!.Holds(values, isArray, now);
    }
}
