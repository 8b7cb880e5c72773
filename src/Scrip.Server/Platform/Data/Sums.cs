namespace Scrip.Server.Platform.Data;

/// <summary>Sums of amounts, each of which may be as large as 2^53, over any number of rows.</summary>
static class Sums
{
    /// <summary>Far above every limit, and far below what a column can hold.</summary>
    public const string Plenty = "4000000000000000000";

    /// <summary>
    /// The sum of an expression over the rows of a query: exact up to <see cref="Plenty"/>, which it never exceeds in either
    /// direction, and 0 over no rows. The upper and the lower digits are added apart, so that nothing overflows.
    /// </summary>
    public static string Of(string value) => $"""
        CAST(CASE WHEN COALESCE(SUM(({value}) / 1048576), 0) > 3800000000000 THEN {Plenty}
            WHEN COALESCE(SUM(({value}) / 1048576), 0) < -3800000000000 THEN -{Plenty}
            ELSE COALESCE(SUM(({value}) / 1048576), 0) * 1048576 + COALESCE(SUM(({value}) % 1048576), 0) END AS BIGINT)
        """;
}
