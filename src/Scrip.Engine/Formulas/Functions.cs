namespace Scrip.Engine.Formulas;

/// <summary>What is written with its arguments in brackets.</summary>
static class Functions
{
    /// <summary>The names of all functions.</summary>
    public static readonly HashSet<string> Names = new(Operators.Words, StringComparer.OrdinalIgnoreCase)
    {
        "MIN", "MAX", "POW", "IF", "DEFAULT_TO", "ROUND", "FLOOR", "CEIL", "SWITCH", "SWITCH_CASE", "DATE", "DATE_TIME",
        "DAY_OF_MONTH", "MONTH", "YEAR", "DAYS_SINCE", "MONTHS_SINCE", "YEARS_SINCE", "DAYS_UNTIL", "MONTHS_UNTIL",
    };

    /// <summary>The part that a function makes of its arguments; null when there is no such function.</summary>
    public static Node? Bind(CallSyntax call)
    {
        var name = call.Name.ToUpperInvariant();
        return name switch
        {
            "MIN" or "MAX" => new Extreme(call.At, [.. Count(call, 1, int.MaxValue).Select(Binder.Number)], name == "MAX"),
            "POW" => Whole(call, Arithmetic.Power, "the exponent", Arithmetic.PowerMax),
            "ROUND" => Whole(call, Arithmetic.Round, "the precision", Arithmetic.DigitsMax),
            "FLOOR" => Whole(call, Arithmetic.Floor, "the precision", Arithmetic.DigitsMax),
            "CEIL" => Whole(call, Arithmetic.Ceil, "the precision", Arithmetic.DigitsMax),
            "IF" => If(call),
            "DEFAULT_TO" => Typing.Alike([.. Count(call, 1, int.MaxValue).Select(Binder.Bind)], new FirstMaker(call.At)),
            "SWITCH" => Switch(call),
            "SWITCH_CASE" => throw new FormulaFault(call.At, "SWITCH_CASE stands only in SWITCH"),
            "DATE" => Date(call, "2023-08-17", text => Moment.ReadDay(text) is not null, (text, _) => Moment.ReadDay(text)),
            "DATE_TIME" => Date(call, "2023-08-17T14:05:00.000Z", text => Moment.ReadInstant(text, NodaTime.DateTimeZone.Utc) is not null, (text, facts) => Moment.ReadInstant(text, facts.Situation.Zone)),
            "DAY_OF_MONTH" => Part(call, date => date!.Value.Day.Day),
            "MONTH" => Part(call, date => date!.Value.Day.Month),
            "YEAR" => Part(call, date => date!.Value.Day.Year),
            "DAYS_SINCE" => Span(call, (date, today) => date.DaysTo(today)),
            "MONTHS_SINCE" => Span(call, (date, today) => date.MonthsTo(today)),
            "YEARS_SINCE" => Span(call, (date, today) => date.YearsTo(today)),
            "DAYS_UNTIL" => Span(call, (date, today) => today.DaysTo(date)),
            "MONTHS_UNTIL" => Span(call, (date, today) => today.MonthsTo(date)),
            "IN_ARRAY" or "NOT_IN_ARRAY" => Operators.Among(call.At, Count(call, 2, int.MaxValue)[0], [.. call.Arguments.Skip(1).SelectMany(Items)], name == "IN_ARRAY"),
            _ when Operators.Words.Contains(name) => Operators.Bind(call.At, name, Count(call, 2, 2)[0], call.Arguments[1]),
            _ => null,
        };
    }

    /// <summary>The arguments, if they are as many as are needed.</summary>
    public static IReadOnlyList<Syntax> Count(CallSyntax call, int min, int max)
    {
        var count = call.Arguments.Count;
        if (count >= min && count <= max) return call.Arguments;
        var needs = min == max ? $"{min}" : max == int.MaxValue ? $"at least {min}" : $"{min} or {max}";
        throw new FormulaFault(call.At, $"{call.Name.ToUpperInvariant()} needs {needs} argument{(needs is "1" or "at least 1" ? "" : "s")}, not {count}");
    }

    private static IReadOnlyList<Syntax> Items(Syntax argument) => argument is ListSyntax list ? list.Items : [argument];

    private static Node If(CallSyntax call)
    {
        var arguments = Count(call, 3, 3);
        var condition = Typing.Truth(Binder.Bind(arguments[0]));
        return Typing.Alike([Binder.Bind(arguments[1]), Binder.Bind(arguments[2])], new ChoiceMaker(call.At, condition));
    }

    private static Node Switch(CallSyntax call)
    {
        var arguments = Count(call, 2, int.MaxValue);
        var factor = Binder.Bind(arguments[0]);
        var keys = new List<Node<Loose?>>();
        var results = new List<Node>();
        for (var i = 1; i < arguments.Count; i++)
        {
            if (arguments[i] is CallSyntax { Name: var name } one && name.Equals("SWITCH_CASE", StringComparison.OrdinalIgnoreCase))
            {
                var parts = Count(one, 2, 2);
                var key = Binder.Bind(parts[0]);
                if (factor is Node<decimal?>) key = Typing.Number(key);
                if (factor is Node<string>) key = Typing.Text(key);
                keys.Add(Typing.Any(key));
                results.Add(Binder.Bind(parts[1]));
            }
            else if (i == arguments.Count - 1) results.Add(Binder.Bind(arguments[i]));
            else throw new FormulaFault(arguments[i].At, "SWITCH_CASE is expected; only the last argument of SWITCH may be another value");
        }
        if (keys.Count == 0) throw new FormulaFault(call.At, "SWITCH needs at least one SWITCH_CASE");
        return Typing.Alike(results, new SwitchMaker(call.At, Typing.Any(factor), [.. keys]));
    }

    // The second number is a whole one; a constant that is not is refused, any other makes the value missing.
    private static Pair<decimal?, decimal?> Whole(CallSyntax call, Func<decimal?, decimal?, decimal?> make, string what, int max)
    {
        var arguments = Count(call, 2, 2);
        var number = Binder.Number(arguments[1]);
        if (number is Constant<decimal?> { Value: { } value } && (value != decimal.Truncate(value) || Math.Abs(value) > max))
            throw new FormulaFault(number.At, $"{what} is a whole number from -{max} to {max}");
        return new(call.At, Binder.Number(arguments[0]), number, make);
    }

    private static Look<string, Moment?> Date(CallSyntax call, string example, Func<string, bool> isOne, Func<string, FormulaFacts, Moment?> read)
    {
        var text = Typing.Text(Binder.Bind(Count(call, 1, 1)[0]));
        if (text is Constant<string> constant && !isOne(constant.Value))
            throw new FormulaFault(text.At, $"a date such as \"{example}\" is expected");
        return new(call.At, text, read);
    }

    private static Map<Moment?, decimal?> Part(CallSyntax call, Func<Moment?, decimal?> make) =>
        new(call.At, Typing.Date(Binder.Bind(Count(call, 1, 1)[0])), make);

    private static Look<Moment?, decimal?> Span(CallSyntax call, Func<Moment, Moment, decimal> make) =>
        new(call.At, Typing.Date(Binder.Bind(Count(call, 1, 1)[0])), (date, facts) =>
            Moment.Today(facts) is { } today ? make(date!.Value, today) : null);
}
