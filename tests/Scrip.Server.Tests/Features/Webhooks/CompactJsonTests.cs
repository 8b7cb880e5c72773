using System.Globalization;
using System.Text.Json;
using Scrip.Server.Features.Webhooks;

namespace Scrip.Server.Tests.Features.Webhooks;

public sealed class CompactJsonTests
{
    private static readonly string[] Odd =
    [
        "{}", "[]", "null", "\"\"", " [ 1 , 2 ] ", """{"b":1,"a":2}""", """{"1":"x","logic":"1","0":0,"10":1,"9":2,"01":3,"4294967294":4,"4294967295":5,"-1":6}""",
        """{"a":1,"b":2,"a":3}""", "\"\\u00e4\\u2028\\u2029\\u00a0\\ud83d\\ude00\\u007f\\u0000\\u0001\\u001f\\b\\f\\n\\r\\t\\/\\\\\\\"\"", "\"<script>'&+`\"", "\"\\ue000\\uffff\"",
        "0", "-0", "0.0", "1.0", "1.50", "100", "1e2", "1E+2", "1e21", "1e20", "123456789012345678901234567890", "0.1", "0.000001", "0.0000001", "1.5e-7", "-1.25e-9",
        "1e300", "1e-300", "5e-324", "1.7976931348623157e308", "9007199254740991", "9007199254740993", "0.30000000000000004", "123.456", "-123456.75e3", "1e-6", "12e-7",
    ];

    [Fact]
    public async Task Every_value_is_written_as_javascript_writes_it()
    {
        string[] texts = [.. Odd, .. Numbers(2000)];
        var wanted = await Javascript.Compact(texts);
        for (var i = 0; i < texts.Length; i++) CompactJson.Text(JsonDocument.Parse(texts[i]).RootElement).ShouldBe(wanted[i], texts[i]);
    }

    private static IEnumerable<string> Numbers(int count)
    {
        var random = new Random(20240101);
        for (var i = 0; i < count; i++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64());
            if (double.IsFinite(value)) yield return value.ToString("R", CultureInfo.InvariantCulture);
            yield return (random.NextDouble() * Math.Pow(10, random.Next(-10, 25))).ToString("R", CultureInfo.InvariantCulture);
        }
    }
}
