using Scrip.Engine.Redeeming;

namespace Scrip.Engine.Tests.Formulas;

/// <summary>What each operand, function and operator is worth in the sample request.</summary>
public class FormulaTests
{
    [Theory]
    [InlineData("2", "2")]
    [InlineData("-2.5", "-2.5")]
    [InlineData(".5", "0.5")]
    [InlineData("-(3)", "-3")]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("7 - 2 - 1", "4")]
    [InlineData("3 - -2", "5")]
    [InlineData("2 x 3", "6")]
    [InlineData("2x3", "6")]
    [InlineData("2 × 3 ÷ 4", "1.5")]
    [InlineData("7 / 2", "3.5")]
    [InlineData("7 % 4 + -7 % 4", "0")]
    [InlineData("  1\n+\t1  ", "2")]
    [InlineData("IF(1 + 1 > 1 AND 2 = 2 OR 1 > 2;1;0)", "1")]
    [InlineData("IF(1 > 2 AND 1 > 2 OR 2 > 1;1;0)", "1")]
    [InlineData("IF(2 > 1 OR 2 > 1 AND 1 > 2;1;0)", "1")]
    public void Arithmetic_binds_as_usual(string text, string value) => Sample.Value(text).ShouldBe(Decimal(value));

    [Theory]
    [InlineData("ORDER_METADATA(\"day_of_week\")", "5")]
    [InlineData("REDEEMABLE_METADATA(\"active_on_calendar_month\")", "3")]
    [InlineData("CUSTOMER_METADATA(\"customer_life_time_value\")", "75.55")]
    [InlineData("CUSTOMER_METADATA('zero')", "0")]
    [InlineData("REDEMPTION_METADATA(\"store_list\")", "14")]
    [InlineData("PUBLICATION_METADATA(\"year\")", "2024")]
    [InlineData("ORDER_ITEM_METADATA(\"stitches\")", "12")]
    [InlineData("ORDER_ITEM_PRODUCT_METADATA(\"weight\")", "0.25")]
    [InlineData("IF(CHEAPEST_ORDER_ITEM_METADATA(\"Size\") is \"S\";1;0)", "1")]
    [InlineData("IF(CHEAPEST_ORDER_ITEM_PRODUCT_METADATA(\"category\") is \"feet\";1;0)", "1")]
    [InlineData("IF(MOST_EXPENSIVE_ORDER_ITEM_METADATA(\"Size\") is \"XL\";1;0)", "1")]
    [InlineData("IF(MOST_EXPENSIVE_ORDER_ITEM_PRODUCT_METADATA(\"category\") is \"warm\";1;0)", "1")]
    [InlineData("ORDER_ITEM_PRICE", "30")]
    [InlineData("ORDER_ITEM_AMOUNT", "60")]
    [InlineData("ORDER_ITEM_SUBTOTAL", "55")]
    [InlineData("ORDER_ITEM_UNITS_QUANTITY", "2")]
    [InlineData("CHEAPEST_ORDER_ITEM_PRICE", "10")]
    [InlineData("CHEAPEST_ORDER_ITEM_AMOUNT", "10")]
    [InlineData("CHEAPEST_ORDER_ITEM_SUBTOTAL", "10")]
    [InlineData("CHEAPEST_ORDER_ITEM_UNITS_QUANTITY", "1")]
    [InlineData("MOST_EXPENSIVE_ORDER_ITEM_PRICE", "30")]
    [InlineData("MOST_EXPENSIVE_ORDER_ITEM_AMOUNT", "30")]
    [InlineData("MOST_EXPENSIVE_ORDER_ITEM_SUBTOTAL", "30")]
    [InlineData("MOST_EXPENSIVE_ORDER_ITEM_UNITS_QUANTITY", "1")]
    [InlineData("ORDER_AMOUNT", "130")]
    [InlineData("ORDER_ITEMS_QUANTITY", "5")]
    [InlineData("ORDER_UNITS_QUANTITY", "11")]
    [InlineData("VOUCHER_REDEMPTION_QUANTITY", "7")]
    [InlineData("VOUCHER_REDEEMED_QUANTITY", "3")]
    [InlineData("VOUCHER_PUBLISH_COUNT", "1")]
    [InlineData("MONTH(VOUCHER_START_DATE)", "1")]
    [InlineData("DAY_OF_MONTH(VOUCHER_EXPIRATION_DATE)", "1")]
    [InlineData("YEAR(CUSTOMER_BIRTHDATE)", "1990")]
    [InlineData("DAY_OF_MONTH(TODAY)", "14")]
    [InlineData("MONTH(NOW())", "3")]
    [InlineData("YEAR(DATE(\"2023-08-17\"))", "2023")]
    [InlineData("DAY_OF_MONTH(DATE_TIME(\"2023-08-17T22:05:00.000Z\"))", "18")]
    public void An_operand_is_a_fact_of_the_request(string text, string value) => Sample.Value(text).ShouldBe(Decimal(value));

    [Theory]
    [InlineData("MIN(PUBLICATION_METADATA(\"year\"); CUSTOMER_METADATA(\"customer_life_time_value\"))", "75.55")]
    [InlineData("MAX(1;3;2)", "3")]
    [InlineData("POW(ORDER_METADATA(\"day_of_week\");2)", "25")]
    [InlineData("POW(2;-2)", "0.25")]
    [InlineData("POW(0;0)", "1")]
    [InlineData("DEFAULT_TO(REDEMPTION_METADATA(\"none\") / 2;5)", "5")]
    [InlineData("DEFAULT_TO(REDEMPTION_METADATA(\"store_list\") / 2;5)", "7")]
    [InlineData("DEFAULT_TO(1 / CUSTOMER_METADATA(\"zero\");CUSTOMER_METADATA(\"tier\");9)", "9")]
    [InlineData("ROUND(CUSTOMER_METADATA(\"customer_life_time_value\");1)", "75.6")]
    [InlineData("ROUND(CUSTOMER_METADATA(\"customer_life_time_value\");0)", "76")]
    [InlineData("ROUND(CUSTOMER_METADATA(\"customer_life_time_value\");-1)", "80")]
    [InlineData("ROUND(CUSTOMER_METADATA(\"minus\");1)", "-75.6")]
    [InlineData("ROUND(74.45;1)", "74.5")]
    [InlineData("ROUND(2.5;0)", "3")]
    [InlineData("ROUND(75;-1)", "80")]
    [InlineData("ROUND(74.9;-1)", "70")]
    [InlineData("FLOOR(CUSTOMER_METADATA(\"customer_life_time_value\");1)", "75.5")]
    [InlineData("FLOOR(CUSTOMER_METADATA(\"customer_life_time_value\");0)", "75")]
    [InlineData("FLOOR(CUSTOMER_METADATA(\"customer_life_time_value\");-1)", "70")]
    [InlineData("FLOOR(CUSTOMER_METADATA(\"minus\");-1)", "-80")]
    [InlineData("CEIL(CUSTOMER_METADATA(\"low\");1)", "74.5")]
    [InlineData("CEIL(CUSTOMER_METADATA(\"low\");0)", "75")]
    [InlineData("CEIL(CUSTOMER_METADATA(\"low\");-1)", "80")]
    [InlineData("CEIL(CUSTOMER_METADATA(\"minus\");-1)", "-70")]
    [InlineData("CEIL(70;-1)", "70")]
    [InlineData("SWITCH(ORDER_METADATA(\"store_city\");SWITCH_CASE(\"Boston\";10) SWITCH_CASE(\"New York\";15);5)", "15")]
    [InlineData("SWITCH(ORDER_METADATA(\"store_city\");SWITCH_CASE(\"Boston\";10);5)", "5")]
    [InlineData("SWITCH(ORDER_ITEMS_QUANTITY;SWITCH_CASE(4;1);SWITCH_CASE(5;2))", "2")]
    [InlineData("DAYS_SINCE(DATE(\"2025-03-01\"))", "13")]
    [InlineData("DAYS_SINCE(CUSTOMER_METADATA(\"seen\"))", "0")]
    [InlineData("DAYS_SINCE(DATE(\"2025-03-16\"))", "-2")]
    [InlineData("DAYS_UNTIL(VOUCHER_EXPIRATION_DATE)", "18")]
    [InlineData("MONTHS_SINCE(CUSTOMER_METADATA(\"joined\"))", "2")]
    [InlineData("MONTHS_UNTIL(DATE(\"2025-06-13\"))", "2")]
    [InlineData("MONTHS_UNTIL(DATE(\"2025-06-14\"))", "3")]
    [InlineData("YEARS_SINCE(CUSTOMER_BIRTHDATE)", "34")]
    public void A_function_calculates(string text, string value) => Sample.Value(text).ShouldBe(Decimal(value));

    [Theory]
    [InlineData("2 > 1", true)]
    [InlineData("1 > 1", false)]
    [InlineData("1 < 1", false)]
    [InlineData("1 >= 1", true)]
    [InlineData("2 <= 1", false)]
    [InlineData("1 = 1.0", true)]
    [InlineData("1 != 1", false)]
    [InlineData("CUSTOMER_METADATA(\"tier\") = \"VIP\"", true)]
    [InlineData("CUSTOMER_METADATA(\"tier\") != ORDER_METADATA(\"region\")", true)]
    [InlineData("CUSTOMER_METADATA(\"tier\") is \"VIP\"", true)]
    [InlineData("CUSTOMER_METADATA(\"tier\") is \"vip\"", false)]
    [InlineData("CUSTOMER_METADATA(\"tier\") isNot \"Beginner\"", true)]
    [InlineData("ORDER_METADATA(\"store_city\") contains \"w Y\"", true)]
    [InlineData("CUSTOMER_METADATA(\"cities\") contains \"Boston\"", true)]
    [InlineData("CUSTOMER_METADATA(\"cities\") contains \"Bost\"", false)]
    [InlineData("ORDER_METADATA(\"store_city\") startsWith \"New\"", true)]
    [InlineData("ORDER_METADATA(\"store_city\") endsWith \"New\"", false)]
    [InlineData("ORDER_METADATA(\"region\") IN_ARRAY \"EU,EMEA\"", true)]
    [InlineData("ORDER_METADATA(\"region\") NOT_IN_ARRAY \"EU, EMEA\"", false)]
    [InlineData("ORDER_METADATA(\"region\") IN_ARRAY (\"US\";\"EU\")", true)]
    [InlineData("ORDER_METADATA(\"region\") IN_ARRAY (\"US\", \"CA\")", false)]
    [InlineData("IN_ARRAY(ORDER_METADATA(\"region\");\"US\";\"EU\")", true)]
    [InlineData("NOT_IN_ARRAY(ORDER_ITEMS_QUANTITY;1;2)", true)]
    [InlineData("ORDER_ITEMS_QUANTITY IN_ARRAY \"1,5\"", true)]
    [InlineData("ORDER_ITEMS_QUANTITY + 1 IN_ARRAY 6", true)]
    [InlineData("ORDER_METADATA(\"day_of_week\") IN_ARRAY \"4,5\"", true)]
    [InlineData("ORDER_METADATA(\"store_city\") IN_ARRAY CUSTOMER_METADATA(\"cities\")", true)]
    [InlineData("CUSTOMER_METADATA(\"cities\") IN_ARRAY \"Paris,New York\"", true)]
    [InlineData("CUSTOMER_METADATA(\"cities\") IN_ARRAY (7)", true)]
    [InlineData("CUSTOMER_METADATA(\"vip\")", true)]
    [InlineData("TODAY DATE_IS DATE(\"2025-03-14\")", true)]
    [InlineData("NOW DATE_IS DATE_TIME(\"2025-03-14T22:59:00Z\")", true)]
    [InlineData("DATE_IS_NOT(TODAY;DATE(\"2025-03-14\"))", false)]
    [InlineData("NOW IS_AFTER TODAY", false)]
    [InlineData("NOW IS_AFTER DATE_TIME(\"2025-03-14T10:59:59Z\")", true)]
    [InlineData("NOW = DATE_TIME(\"2025-03-14T11:00:00Z\")", true)]
    [InlineData("CUSTOMER_BIRTHDATE IS_BEFORE CUSTOMER_METADATA(\"joined\")", true)]
    [InlineData("IS_BEFORE(VOUCHER_EXPIRATION_DATE;TODAY)", false)]
    public void A_condition_holds_or_not(string text, bool holds) => Sample.Value($"IF({text};1;0)").ShouldBe(holds ? 1 : 0);

    [Theory]
    [InlineData("(ORDER_ITEM_PRICE) × 0.01 + 1", "1.3")]
    [InlineData("10 - CUSTOMER_METADATA(\"number_of_store_visits\")", "-2")]
    [InlineData("IF(CUSTOMER_METADATA(\"number_of_store_visits\") > 10 AND ORDER_METADATA(\"day_of_week\") = 5;20;3)", "20")]
    [InlineData("IF(CUSTOMER_METADATA(\"number_of_store_visits\") > 20 OR ORDER_METADATA(\"day_of_week\") = 4;20;3)", "3")]
    [InlineData("IF(ORDER_ITEMS_QUANTITY > 4;IF(ORDER_AMOUNT > 200;25;15);10)", "15")]
    [InlineData("IF(ORDER_AMOUNT > 200;ORDER_AMOUNT * 0.15;ORDER_AMOUNT * 0.05)", "6.5")]
    [InlineData("IF(CUSTOMER_METADATA(\"tier\") is \"VIP\";25;10)", "25")]
    [InlineData("IF(ORDER_UNITS_QUANTITY > 5;FLOOR(ORDER_UNITS_QUANTITY / 3;0);1)", "3")]
    [InlineData("IF(ORDER_AMOUNT > 500;ROUND(ORDER_AMOUNT * 1.5;0);ROUND(ORDER_AMOUNT;0))", "130")]
    [InlineData("IF(ORDER_AMOUNT > 300;ORDER_ITEM_PRICE * 0.8;ORDER_ITEM_PRICE)", "30")]
    [InlineData("ORDER_METADATA(\"day_of_week\") x 2", "10")]
    public void The_examples_of_the_reference_work(string text, string value) => Sample.Value(text).ShouldBe(Decimal(value));

    [Theory]
    [InlineData("CUSTOMER_METADATA(\"unknown\")")]
    [InlineData("CUSTOMER_METADATA(\"nothing\")")]
    [InlineData("CUSTOMER_METADATA(\"tier\") + 1")]
    [InlineData("CUSTOMER_METADATA(\"tier\")")]
    [InlineData("CUSTOMER_METADATA(\"object\")")]
    [InlineData("CUSTOMER_METADATA(\"huge\")")]
    [InlineData("CUSTOMER_METADATA(\"odd\")")]
    [InlineData("CUSTOMER_METADATA(\"largest\") * 2")]
    [InlineData("CUSTOMER_METADATA(\"largest\") + 1")]
    [InlineData("ROUND(CUSTOMER_METADATA(\"largest\");-1)")]
    [InlineData("1 / CUSTOMER_METADATA(\"zero\")")]
    [InlineData("1 % 0")]
    [InlineData("POW(10;29)")]
    [InlineData("POW(0;-1)")]
    [InlineData("POW(0.0001;-1000)")]
    [InlineData("POW(4;CUSTOMER_METADATA(\"low\"))")]
    [InlineData("POW(1;CUSTOMER_METADATA(\"largest\"))")]
    [InlineData("ROUND(1.5;CUSTOMER_METADATA(\"low\"))")]
    [InlineData("MAX(1;CUSTOMER_METADATA(\"unknown\"))")]
    [InlineData("IF(CUSTOMER_METADATA(\"unknown\") > 1;1;2)")]
    [InlineData("IF(CUSTOMER_METADATA(\"unknown\") isNot \"VIP\";1;2)")]
    [InlineData("IF(CUSTOMER_METADATA(\"tier\") > 1;1;2)")]
    [InlineData("IF(CUSTOMER_METADATA(\"tier\") = ORDER_METADATA(\"day_of_week\");1;2)")]
    [InlineData("IF(CUSTOMER_METADATA(\"unknown\") IN_ARRAY \"a\";1;2)")]
    [InlineData("SWITCH(CUSTOMER_METADATA(\"unknown\");SWITCH_CASE(1;1);2)")]
    [InlineData("SWITCH(1;SWITCH_CASE(2;1))")]
    [InlineData("DAYS_SINCE(CUSTOMER_METADATA(\"tier\"))")]
    [InlineData("DAYS_SINCE(PROMOTION_TIER_START_DATE)")]
    [InlineData("DEFAULT_TO(1 / 0;CUSTOMER_METADATA(\"unknown\"))")]
    public void What_cannot_be_calculated_is_missing(string text) => Sample.Value(text).ShouldBeNull();

    [Theory]
    [InlineData("IF(1 = 1;7;1 / 0)")]
    [InlineData("IF(1 = 2;CUSTOMER_METADATA(\"unknown\");7)")]
    [InlineData("DEFAULT_TO(7;1 / 0)")]
    [InlineData("SWITCH(1;SWITCH_CASE(1;7) SWITCH_CASE(2;1 / 0);1 / 0)")]
    [InlineData("IF(CUSTOMER_METADATA(\"unknown\") > 1 OR 1 = 1;7;1)")]
    [InlineData("IF(1 = 2 AND CUSTOMER_METADATA(\"unknown\") > 1;1;7)")]
    [InlineData("IF(5 IN_ARRAY (CUSTOMER_METADATA(\"unknown\");5);7;1)")]
    public void What_decides_nothing_may_be_missing(string text) => Sample.Value(text).ShouldBe(7);

    [Fact]
    public void Every_operand_is_missing_when_the_request_has_nothing()
    {
        string[] lines = ["ORDER_ITEM", "CHEAPEST_ORDER_ITEM", "MOST_EXPENSIVE_ORDER_ITEM"];
        string[] numbers =
        [
            "ORDER_AMOUNT", "ORDER_ITEMS_QUANTITY", "ORDER_UNITS_QUANTITY", "VOUCHER_REDEMPTION_QUANTITY", "VOUCHER_REDEEMED_QUANTITY",
            "VOUCHER_PUBLISH_COUNT", .. lines.SelectMany(line => new[] { line + "_PRICE", line + "_AMOUNT", line + "_SUBTOTAL", line + "_UNITS_QUANTITY" }),
        ];
        string[] metadata =
        [
            "ORDER_METADATA", "REDEEMABLE_METADATA", "CUSTOMER_METADATA", "REDEMPTION_METADATA", "PUBLICATION_METADATA",
            .. lines.SelectMany(line => new[] { line + "_METADATA", line + "_PRODUCT_METADATA" }),
        ];
        string[] dates = ["CUSTOMER_BIRTHDATE", "VOUCHER_START_DATE", "VOUCHER_EXPIRATION_DATE", "PROMOTION_TIER_START_DATE", "PROMOTION_TIER_EXPIRATION_DATE"];

        string[] all = [.. numbers, .. metadata.Select(name => name + "(\"a\")"), .. dates.Select(name => $"YEAR({name})")];
        foreach (var text in all) Sample.Value(text, Sample.Nothing).ShouldBeNull(text);
    }

    [Fact]
    public void A_promotion_tier_has_its_own_dates_and_metadata()
    {
        var facts = Sample.Facts with { Incentive = Sample.Tier };
        Sample.Value("MONTH(PROMOTION_TIER_START_DATE)", facts).ShouldBe(2);
        Sample.Value("DAYS_SINCE(PROMOTION_TIER_EXPIRATION_DATE)", facts).ShouldBe(14);
        Sample.Value("REDEEMABLE_METADATA(\"membership_duration\")", facts).ShouldBe(5);
        Sample.Value("DEFAULT_TO(VOUCHER_REDEEMED_QUANTITY;-1)", facts).ShouldBe(-1);
        Sample.Value("DEFAULT_TO(YEAR(VOUCHER_START_DATE);-1)", facts).ShouldBe(-1);
    }

    [Fact]
    public void A_voucher_without_dates_of_its_own_has_those_of_its_campaign()
    {
        var campaign = new Schedule(true, Sample.Ms("2024-06-01T12:00:00Z"));
        var facts = Sample.Facts with { Incentive = Sample.Voucher with { Schedule = Schedule.Always, Campaign = campaign, HolderId = null } };
        Sample.Value("MONTH(VOUCHER_START_DATE)", facts).ShouldBe(6);
        Sample.Value("DEFAULT_TO(MONTH(VOUCHER_EXPIRATION_DATE);0)", facts).ShouldBe(0);
        Sample.Value("VOUCHER_PUBLISH_COUNT", facts).ShouldBe(0);
    }

    [Fact]
    public void Days_change_at_midnight_of_the_project()
    {
        var late = Sample.Facts with { Situation = Sample.Facts.Situation with { NowMs = Sample.Ms("2025-03-14T23:30:00Z") } };
        Sample.Value("DAY_OF_MONTH(TODAY)", late).ShouldBe(15);
        Sample.Value("YEARS_SINCE(CUSTOMER_BIRTHDATE)", late).ShouldBe(35);
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void Instants_beyond_all_calendars_are_missing(long nowMs) =>
        Sample.Value("YEAR(NOW)", Sample.Facts with { Situation = Sample.Facts.Situation with { NowMs = nowMs } }).ShouldBeNull();

    private static decimal Decimal(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
