using System.Text;

namespace Scrip.Server.Features.Vouchers;

/// <summary>
/// Draws Code 128 barcodes (ISO/IEC 15417) with sets B and C: printable ASCII, pairs of digits packed. Each symbol
/// is six widths of bars and spaces, eleven modules in all; the stop symbol has seven widths, thirteen modules.
/// </summary>
static class Code128
{
    const int StartB = 104;
    const int StartC = 105;
    const int SwitchToC = 99;
    const int SwitchToB = 100;
    const int Stop = 106;
    const int QuietModules = 10;
    const int HeightModules = 50;

    static readonly string[] Widths =
    [
        "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213", "221312", "231212",
        "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132", "221231", "213212", "223112", "312131",
        "311222", "321122", "321221", "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321",
        "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121",
        "313121", "211331", "231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
        "314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
        "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111", "111242", "121142", "121241", "114212",
        "124112", "124211", "411212", "421112", "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113",
        "114311", "411113", "411311", "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
    ];

    /// <summary>The picture, or null when the text has characters outside of printable ASCII.</summary>
    public static string? Svg(string text)
    {
        if (text.Length == 0 || text.Any(c => c is < ' ' or > '~')) return null;
        var path = new StringBuilder();
        var x = QuietModules;
        foreach (var symbol in Symbols(text))
        {
            var isBar = true;
            foreach (var digit in Widths[symbol])
            {
                var width = digit - '0';
                if (isBar) path.Append($"M{x} 0h{width}v{HeightModules}h-{width}z");
                (x, isBar) = (x + width, !isBar);
            }
        }
        var total = x + QuietModules;
        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {HeightModules}" width="{total * 2}" height="{HeightModules * 2}" shape-rendering="crispEdges"><rect width="100%" height="100%" fill="#fff"/><path d="{path}"/></svg>
            """;
    }

    /// <summary>The values of all symbols, from start to stop, check symbol included.</summary>
    public static List<int> Symbols(string text)
    {
        var symbols = new List<int>();
        var inC = DigitsAt(text, 0) is var first && (first >= 4 || (first == text.Length && first % 2 == 0));
        symbols.Add(inC ? StartC : StartB);
        for (var i = 0; i < text.Length;)
        {
            var digits = DigitsAt(text, i);
            if (inC && digits >= 2)
            {
                symbols.Add((text[i] - '0') * 10 + text[i + 1] - '0');
                i += 2;
                continue;
            }
            // Changing the set costs a symbol, so it pays for six digits, or four at the end; an odd first one stays in B.
            var pays = !inC && digits % 2 == 0 && (digits >= 6 || (digits >= 4 && i + digits == text.Length));
            if (inC || pays)
            {
                symbols.Add(inC ? SwitchToB : SwitchToC);
                inC = !inC;
                continue;
            }
            symbols.Add(text[i++] - ' ');
        }
        var check = symbols[0];
        for (var i = 1; i < symbols.Count; i++) check = (check + i * symbols[i]) % 103;
        symbols.Add(check);
        symbols.Add(Stop);
        return symbols;
    }

    static int DigitsAt(string text, int start)
    {
        var end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return end - start;
    }
}
