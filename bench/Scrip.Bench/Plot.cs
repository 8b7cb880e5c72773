using System.Globalization;
using System.Text;

namespace Scrip.Bench;

/// <summary>Draws a run as bars, in SVG that needs nothing else.</summary>
static class Plot
{
    const int BarHeight = 18;
    const int Left = 300;
    const int Width = 420;

    /// <summary>Writes the plots of a run into a folder; arguments: the run's file, the folder.</summary>
    public static async Task<int> Run(string[] args)
    {
        if (args is not [var file, var folder])
        {
            await Console.Error.WriteLineAsync("usage: plot RUN.json FOLDER");
            return 2;
        }
        var rows = await Compare.Read(file);
        foreach (var on in new[] { "sqlite", "postgres" })
        {
            var of = rows.Where(row => row.On == on).ToList();
            await File.WriteAllTextAsync(Path.Combine(folder, $"throughput-{on}.svg"),
                Draw($"Calls a second on {on}, 16 connections", [.. of.Where(row => row.Connections == 16 && row.PerSecond is not null).Select(row => (row.Work, row.PerSecond!.Value))]));
            await File.WriteAllTextAsync(Path.Combine(folder, $"latency-{on}.svg"),
                Draw($"Milliseconds on {on}, one connection, p95", [.. of.Where(row => row.Connections == 1 && row.P95 is not null).Select(row => (row.Work, row.P95!.Value))]));
        }
        return 0;
    }

    static string Draw(string title, List<(string Name, double Value)> bars)
    {
        var most = bars.Count == 0 ? 1 : bars.Max(bar => bar.Value);
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Left + Width + 90}\" height=\"{40 + (bars.Count * (BarHeight + 6))}\" font-family=\"sans-serif\" font-size=\"13\">");
        svg.AppendLine("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"10\" y=\"20\" font-weight=\"bold\">{title}</text>");
        for (var i = 0; i < bars.Count; i++)
        {
            var (top, width) = (34 + (i * (BarHeight + 6)), Math.Max(1, bars[i].Value / most * Width));
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Left - 8}\" y=\"{top + 13}\" text-anchor=\"end\">{bars[i].Name}</text>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<rect x=\"{Left}\" y=\"{top}\" width=\"{width:0.#}\" height=\"{BarHeight}\" fill=\"#4a7bb5\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Left + width + 6:0.#}\" y=\"{top + 13}\">{bars[i].Value:#,0.##}</text>");
        }
        return svg.AppendLine("</svg>").ToString();
    }
}
