using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Filters;

namespace Scrip.Server.Features.ProductCollections;

/// <summary>
/// Turns a filter into a condition on rows of <see cref="CollectionSql.Catalog"/>. Names of fields come from the table of
/// fields, names of metadata were checked, and every value is a parameter.
/// </summary>
/// <param name="dialect">The database's words.</param>
/// <param name="arg">Binds a value and answers its name.</param>
/// <param name="now">The instant from which ages are counted, in Unix milliseconds.</param>
sealed class CollectionFilterSql(Dialect dialect, Func<object?, string> arg, long now)
{
    /// <summary>The condition.</summary>
    public string Of(CollectionFilter filter) => filter.Conditions.Count == 0 ? "1 = 1"
        : $"({string.Join(filter.IsAnd ? " AND " : " OR ", filter.Conditions.Select(Of))})";

    // Never NULL, so that its contrary is true where it is not.
    string Of(FieldCondition one) => $"{(one.IsNot ? "NOT " : "")}COALESCE({(one.Kind is FieldKind.Metadata or FieldKind.Names ? OfJson(one) : OfColumn(one))}, FALSE)";

    string OfColumn(FieldCondition one)
    {
        var column = one.Field == "image_url" ? dialect.JsonText("body", ["image_url"]) : one.Field;
        if (one.Test == Test.Days) return OfDays(one, column);
        if (one.Test == Test.HasValue) return $"{column} IS NOT NULL";
        return Any(one, operand => operand.Number is { } number ? Compared(one.Test, column, arg((long)number)) : OfText(one.Test, column, arg(operand.Text)));
    }

    string OfDays(FieldCondition one, string column)
    {
        var (from, to) = one.Age;
        var sides = new[] { from is { } low ? $"{column} <= {arg(now - low)}" : "", to is { } high ? $"{column} > {arg(now - high)}" : "" };
        return string.Join(" AND ", sides.Where(side => side.Length > 0)) is { Length: > 0 } both ? $"({both})" : $"{column} IS NOT NULL";
    }

    string OfJson(FieldCondition one)
    {
        var json = Json(one);
        switch (one.Test)
        {
            case Test.HasValue:
                return one.Kind == FieldKind.Names ? $"{dialect.CountElements(json)} > 0" : $"{json} IS NOT NULL";
            case Test.Count or Test.CountLess or Test.CountMore:
                return $"{dialect.CountElements(json)} {(one.Test == Test.Count ? "=" : one.Test == Test.CountLess ? "<" : ">")} {arg((long)one.Operands[0].Number!)}";
            case Test.Contains:
                var element = dialect.AnyElement(json, Any(one with { Test = Test.Among }, operand => OfElement(Test.Among, operand)));
                var part = dialect.AnyElement(json, Any(one, operand => OfElement(Test.Contains, operand)));
                return $"(CASE WHEN {dialect.IsArray(json)} THEN {element} ELSE {part} END)";
            default:
                return dialect.AnyElement(json, Any(one, operand => OfElement(one.Test, operand)));
        }
    }

    // A name with dots is an attribute of that name, or else a path.
    string Json(FieldCondition one)
    {
        if (one.Kind == FieldKind.Names) return dialect.JsonNames(dialect.JsonAt("body", ["attributes"]));
        var direct = dialect.JsonAt("body", ["metadata", one.Field]);
        return one.Field.Contains('.', StringComparison.Ordinal) ? $"COALESCE({direct}, {dialect.JsonAt("body", ["metadata", .. one.Field.Split('.')])})" : direct;
    }

    string OfElement(Test test, FieldValue operand) => operand.Number is { } number
        ? Compared(test, dialect.Element(JsonScalar.Number), arg(dialect.Fraction(number)))
        : OfText(test, dialect.Element(JsonScalar.Text), arg(operand.Text));

    string OfText(Test test, string text, string value) => test switch
    {
        Test.Contains => dialect.Holds(text, value),
        Test.StartsWith => $"substr({text}, 1, length({value})) = {value}",
        Test.EndsWith => $"(length({text}) >= length({value}) AND substr({text}, length({text}) - length({value}) + 1) = {value})",
        _ => Compared(test, text, value),
    };

    static string Compared(Test test, string left, string right) => test switch
    {
        Test.More => $"{left} > {right}",
        Test.MoreOrEqual => $"{left} >= {right}",
        Test.Less => $"{left} < {right}",
        Test.LessOrEqual => $"{left} <= {right}",
        _ => $"{left} = {right}",
    };

    static string Any(FieldCondition one, Func<FieldValue, string> condition) => $"({string.Join(" OR ", one.Operands.Select(condition))})";
}
