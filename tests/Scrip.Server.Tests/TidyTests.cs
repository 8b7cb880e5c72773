using System.Globalization;
using System.Text.RegularExpressions;
using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests;

/// <summary>The house rules that a compiler does not know.</summary>
public sealed partial class TidyTests
{
    private const int LinesMax = 500;

    private static readonly string[] Code = [".cs", ".razor", ".sql", ".mjs", ".js", ".css"];

    [Fact]
    public void No_file_is_longer_than_500_lines() => new[] { "src", "tests", "bench" }
        .SelectMany(folder => Repository.Sources(folder, Code))
        .Select(file => (File: Repository.Relative(file), Lines: File.ReadLines(file).Count()))
        .Where(file => file.Lines > LinesMax)
        .Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.File}: {file.Lines}"))
        .ShouldBeEmpty();

    [Fact]
    public void No_name_ends_in_a_refused_word()
    {
        var files = Repository.Sources("src", ".cs", ".razor").ToList();
        files.Select(file => Path.GetFileNameWithoutExtension(file)).Where(name => RefusedName().IsMatch(name)).ShouldBeEmpty();
        files.SelectMany(file => TypeDeclaration().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            .Where(name => RefusedName().IsMatch(name))
            .ShouldBeEmpty();
    }

    [Fact]
    public void No_source_has_regions() => Repository.Sources("src", ".cs")
        .Where(file => File.ReadAllText(file).Contains("#region", StringComparison.Ordinal))
        .ShouldBeEmpty();

    [Fact]
    public void A_file_carries_the_name_of_a_type_in_it() => Repository.Sources("src", ".cs")
        .Select(file => (File: Repository.Relative(file), Name: Path.GetFileNameWithoutExtension(file).Split('.')[0], Types: TypeDeclaration().Matches(File.ReadAllText(file))))
        .Where(file => file.Types.Count > 0 && file.Name != "Program" && !file.Types.Any(type => type.Groups[1].Value == file.Name))
        .Select(file => file.File)
        .ShouldBeEmpty();

    [Fact]
    public void The_engine_shows_no_floating_point() => Repository.Sources("src/Scrip.Engine", ".cs")
        .SelectMany(file => File.ReadLines(file)
            .Where(line => PublicFloatingPoint().IsMatch(line))
            .Select(line => $"{Repository.Relative(file)}: {line.Trim()}"))
        .ShouldBeEmpty();

    [GeneratedRegex("(Manager|Helpers?|Utils?|Utilities|Service|Base|Impl)$")]
    private static partial Regex RefusedName();

    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|file|static|sealed|abstract|partial|readonly|ref|unsafe)\s+)*(?:class|record(?:\s+struct|\s+class)?|struct|interface|enum)\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"^\s*public\b[^=/]*\b(double|float|Double|Single)\b")]
    private static partial Regex PublicFloatingPoint();
}
