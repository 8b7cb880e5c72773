using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fluid;
using Fluid.Values;

namespace Scrip.Server.Features.Distributions;

/// <summary>
/// Liquid, without what remembers or grows: tags and filters are those listed here, so that a template's cost is bounded
/// by its own length, the data it is given, and the limits below. What is wrong is told when a template is saved.
/// </summary>
static partial class Templates
{
    /// <summary>The longest template, in characters.</summary>
    public const int TextMax = 50_000;

    const int StepsMax = 20_000;
    const int OutputMax = 200_000;
    const int KeptMax = 500;

    static readonly string[] Tags = ["if", "elsif", "else", "endif", "unless", "endunless", "case", "when", "endcase", "for", "endfor", "break", "continue", "comment", "endcomment", "raw", "endraw"];

    static readonly string[] Filters =
    [
        "upcase", "downcase", "capitalize", "strip", "escape", "url_encode", "strip_html", "newline_to_br", "truncate", "truncatewords",
        "append", "prepend", "default", "date", "plus", "minus", "times", "divided_by", "modulo", "round", "floor", "ceil", "abs", "size", "first", "last", "json",
    ];

    static readonly FluidParser Parser = new();
    static readonly TemplateOptions Options = Bound(new() { MaxSteps = StepsMax, MaxRecursion = 20 });
    static readonly ConcurrentDictionary<string, IFluidTemplate> Parsed = new(StringComparer.Ordinal);

    /// <summary>What is wrong with a template, with the line; null when it is fine.</summary>
    public static string? Fault(string text)
    {
        if (text.Length > TextMax) return $"must NOT have more than {TextMax} characters";
        if (!Parser.TryParse(text, out _, out var error)) return $"is no valid template: {error.ReplaceLineEndings(" ").Trim()}";
        foreach (Match part in Parts().Matches(RawParts().Replace(text, Blanked)))
        {
            var line = text.AsSpan(0, part.Index).Count('\n') + 1;
            var inside = Strings().Replace(part.Groups["inside"].Value, "''");
            if (part.Groups["tag"].Success && !Tags.Contains(part.Groups["tag"].Value)) return $"uses the tag '{part.Groups["tag"].Value}' at line {line}; there are: if, unless, case, for, comment, raw";
            if (inside.Contains("..", StringComparison.Ordinal)) return $"uses a range at line {line}, which is not available";
            foreach (Match filter in FilterNames().Matches(inside))
                if (!Filters.Contains(filter.Groups[1].Value)) return $"uses the filter '{filter.Groups[1].Value}' at line {line}; there are: {string.Join(", ", Filters)}";
        }
        return null;
    }

    // The two filters whose result can be longer than what they were given, over and over.
    static TemplateOptions Bound(TemplateOptions options)
    {
        options.Filters.AddFilter("append", (input, arguments, _) => Join(input.ToStringValue(), arguments.At(0).ToStringValue()));
        options.Filters.AddFilter("prepend", (input, arguments, _) => Join(arguments.At(0).ToStringValue(), input.ToStringValue()));
        return options;
    }

    static ValueTask<FluidValue> Join(string start, string end) => start.Length + end.Length > OutputMax
        ? throw new TemplateFault($"A text in the message has more than {OutputMax} characters")
        : new(new StringValue(start + end));

    // What is raw is not Liquid; its lines still count.
    static string Blanked(Match raw) => new([.. raw.Value.Select(letter => letter == '\n' ? '\n' : ' ')]);

    /// <summary>Fills a template in.</summary>
    /// <param name="text">A template without <see cref="Fault"/>.</param>
    /// <param name="model">An object; its properties are what the template can name.</param>
    /// <param name="isHtml">Whether what is put in is escaped for HTML.</param>
    /// <exception cref="TemplateFault">It takes too many steps or becomes too long.</exception>
    public static async Task<string> Render(string text, JsonElement model, bool isHtml = false)
    {
        if (!Parsed.TryGetValue(text, out var template))
        {
            if (Fault(text) is { } fault) throw new TemplateFault(fault);
            template = Parser.Parse(text);
            if (Parsed.Count > KeptMax) Parsed.Clear();
            Parsed[text] = template;
        }
        var context = new TemplateContext(Options);
        foreach (var property in model.EnumerateObject()) context.SetValue(property.Name, Plain(property.Value));
        using var writer = new Bounded();
        try
        {
            await template.RenderAsync(writer, isHtml ? HtmlEncoder.Default : NullEncoder.Default, context);
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArithmeticException or ArgumentException or FormatException)
        {
            throw new TemplateFault(fault.Message);
        }
        return writer.ToString();
    }

    static object? Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().GroupBy(property => property.Name).ToDictionary(property => property.Key, property => Plain(property.Last().Value)),
        JsonValueKind.Array => value.EnumerateArray().Select(Plain).ToArray(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetDecimal(out var number) ? number : value.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    [GeneratedRegex(@"\{%-?\s*(raw|comment)\s*-?%\}.*?\{%-?\s*end\1\s*-?%\}", RegexOptions.Singleline)]
    private static partial Regex RawParts();

    [GeneratedRegex(@"\{%-?\s*(?<tag>[\w#]*)(?<inside>.*?)%\}|\{\{(?<inside>.*?)\}\}", RegexOptions.Singleline)]
    private static partial Regex Parts();

    [GeneratedRegex("\"[^\"]*\"|'[^']*'")]
    private static partial Regex Strings();

    [GeneratedRegex(@"\|\s*(\w+)")]
    private static partial Regex FilterNames();

    /// <summary>A text that ends the work when it becomes too long.</summary>
    sealed class Bounded : StringWriter
    {
        public Bounded() : base(new StringBuilder(), System.Globalization.CultureInfo.InvariantCulture) { }

        public override void Write(char value)
        {
            Grow(1);
            base.Write(value);
        }

        public override void Write(char[] buffer, int index, int count)
        {
            Grow(count);
            base.Write(buffer, index, count);
        }

        public override void Write(ReadOnlySpan<char> buffer)
        {
            Grow(buffer.Length);
            base.Write(buffer);
        }

        public override void Write(string? value)
        {
            Grow(value?.Length ?? 0);
            base.Write(value);
        }

        void Grow(int by)
        {
            if (GetStringBuilder().Length + by > OutputMax) throw new TemplateFault($"The message has more than {OutputMax} characters");
        }
    }
}

/// <summary>A template that could not be filled in; trying again would not help.</summary>
sealed class TemplateFault(string message) : Exception(message);
