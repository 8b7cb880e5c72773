using Scrip.Engine.Formulas;

namespace Scrip.Engine.Tests.Formulas;

/// <summary>What a wrong formula is told, and where.</summary>
public class FaultTests
{
    [Theory]
    [InlineData("", "The formula is empty")]
    [InlineData("  ", "The formula is empty")]
    [InlineData("1 +", "column 4: a value is expected")]
    [InlineData("1 + * 2", "column 5: a value is expected")]
    [InlineData("1 2", "column 3: an operator or the end is expected")]
    [InlineData("(1", "column 3: ';' or ')' is expected")]
    [InlineData("1)", "column 2: an operator or the end is expected")]
    [InlineData("MAX(1;)", "column 7: a value is expected")]
    [InlineData("MAX(1,2)", "column 6: ';' or ')' is expected")]
    [InlineData("--1", "column 2: a value is expected")]
    [InlineData("CUSTOMER_METADATA(\"a", "column 19: a value is expected")]
    [InlineData("1.2.3", "column 1: the number is too large or has more than one point")]
    [InlineData("99999999999999999999999999999999", "column 1: the number is too large or has more than one point")]
    [InlineData("1e5", "column 2: an operator or the end is expected")]
    [InlineData("10 + IF(1 = 1;2)", "column 6: IF needs 3 arguments, not 2")]
    [InlineData("MAX()", "column 1: MAX needs at least 1 argument, not 0")]
    [InlineData("1 + ROUND(1)", "column 5: ROUND needs 2 arguments, not 1")]
    [InlineData("ORDER_AMOUNTS * 2", "column 1: ORDER_AMOUNTS is not known")]
    [InlineData("1 + SQRT(2)", "column 5: SQRT is not known")]
    [InlineData("ORDER_METADATA", "column 1: ORDER_METADATA needs its arguments in brackets")]
    [InlineData("ORDER_AMOUNT(1)", "column 1: ORDER_AMOUNT has no arguments")]
    [InlineData("ORDER_METADATA(5)", "column 16: ORDER_METADATA needs the name of an attribute in quotes")]
    [InlineData("ORDER_METADATA(\"a\";\"b\")", "column 1: ORDER_METADATA needs 1 argument, not 2")]
    [InlineData("\"VIP\"", "column 1: a number is expected, not a text")]
    [InlineData("1 + TODAY", "column 5: a number is expected, not a date")]
    [InlineData("1 > 2", "column 3: a number is expected, not a condition")]
    [InlineData("IF(1;2;3)", "column 4: a condition is expected, not a number")]
    [InlineData("IF(1 = 1;2;\"x\")", "column 12: a number is expected, not a text")]
    [InlineData("IF(1 = 1;\"x\";\"y\")", "column 1: a number is expected, not a text")]
    [InlineData("IF(1 is \"a\";2;3)", "column 4: a text is expected, not a number")]
    [InlineData("IF(1 = \"a\";2;3)", "column 8: a number is expected, not a text")]
    [InlineData("IF(1 < 2 < 3;2;3)", "column 6: a number is expected, not a condition")]
    [InlineData("IF(ORDER_AMOUNT IN_ARRAY \"1,b\";2;3)", "column 26: a number is expected, not \"b\"")]
    [InlineData("(1;2)", "column 1: a list stands only after IN_ARRAY or NOT_IN_ARRAY")]
    [InlineData("CUSTOMER_BIRTHDATE + 1", "column 1: a number is expected, not a date")]
    [InlineData("YEAR(2024)", "column 6: a date is expected, not a number")]
    [InlineData("YEAR(DATE(\"17.8.2023\"))", "column 11: a date such as \"2023-08-17\" is expected")]
    [InlineData("YEAR(DATE(\"2023-02-30\"))", "column 11: a date such as \"2023-08-17\" is expected")]
    [InlineData("YEAR(DATE_TIME(\"2023-02-03\"))", "column 16: a date such as \"2023-08-17T14:05:00.000Z\" is expected")]
    [InlineData("POW(2;0.5)", "column 7: the exponent is a whole number from -1000 to 1000")]
    [InlineData("ROUND(2;29)", "column 9: the precision is a whole number from -28 to 28")]
    [InlineData("SWITCH(1;2)", "column 1: SWITCH needs at least one SWITCH_CASE")]
    [InlineData("SWITCH(1;2;SWITCH_CASE(1;2))", "column 10: SWITCH_CASE is expected; only the last argument of SWITCH may be another value")]
    [InlineData("SWITCH(1;SWITCH_CASE(\"a\";2))", "column 22: a number is expected, not a text")]
    [InlineData("SWITCH_CASE(1;2)", "column 1: SWITCH_CASE stands only in SWITCH")]
    [InlineData("ORDER_METADATA(\"\\ud800\")", "column 16: the text has half a character")]
    public void A_wrong_formula_says_what_is_wrong_and_where(string text, string fault)
    {
        var reading = Formula.Read(text);
        reading.Fault.ShouldBe(fault);
        reading.Formula.ShouldBeNull();
    }

    [Fact]
    public void Size_is_bounded_before_anything_is_read()
    {
        Formula.Read(new string('1', 20) + new string(' ', 5_000)).Fault.ShouldBe("The formula is longer than 5000 characters");
        Formula.Read(new string('(', 51) + 1 + new string(')', 51)).Fault.ShouldBe("column 51: brackets are nested more than 50 deep");
        Formula.Read(new string('(', 50) + 1 + new string(')', 50)).Fault.ShouldBeNull();
        Formula.Read("1" + string.Concat(Enumerable.Repeat("+1", 2_000))).Fault.ShouldBe("The formula has more than 400 operations on top of each other");
        Sample.Value("1" + string.Concat(Enumerable.Repeat("+1", 399))).ShouldBe(400);
        Formula.Read(new string('-', 4_999) + "1").Fault.ShouldBe("column 2: a value is expected");
        Formula.Read("IF(ORDER_METADATA(\"" + new string('(', 100) + "\") is \"a\";1;2)").Fault.ShouldBeNull();
    }

    [Fact]
    public void Nested_switches_take_no_more_time_than_their_size()
    {
        var text = "1";
        for (var i = 0; i < 20; i++) text = $"SWITCH({text};SWITCH_CASE(9;9) SWITCH_CASE(8;8) SWITCH_CASE(7;7) SWITCH_CASE(6;6) SWITCH_CASE(5;5);1)";
        Sample.Value(text).ShouldBe(1);
    }
}
