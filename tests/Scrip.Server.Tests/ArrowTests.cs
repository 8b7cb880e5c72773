using System.Text.RegularExpressions;
using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests;

/// <summary>
/// Which part may use which, read from the source itself: namespaces, usings and qualified names. A part is
/// <c>Engine</c>, <c>Platform</c>, <c>Dashboard</c> or one feature; the root of the server, where all is put
/// together, may use everything.
/// </summary>
public sealed partial class ArrowTests
{
    // The arrows between features: a feature on the left may call those on the right, and no others.
    private static readonly Dictionary<string, string[]> FeatureCalls = new()
    {
        ["Activities"] = ["Customers", "Events"],
        ["AuditLog"] = ["Projects", "Webhooks"],
        ["Campaigns"] = ["Categories", "Events", "MetadataSchemas", "Projects", "TrashBin", "ValidationRules", "Vouchers"],
        ["Categories"] = ["Projects"],
        ["CustomEvents"] = ["Customers", "Events", "MetadataSchemas", "Projects", "Vouchers"],
        ["Customers"] = ["Events", "MetadataSchemas", "Vouchers"],
        ["DeadLetters"] = ["Projects"],
        ["Demo"] = ["Projects"],
        ["Distributions"] = ["Campaigns", "Customers", "Events", "Projects", "Publications", "Segments", "Vouchers"],
        ["EarningRules"] = ["Campaigns", "CustomEvents", "Customers", "Events", "LoyaltyTiers", "MetadataSchemas", "Orders", "PendingPoints", "ProductCollections", "Products", "Projects", "Publications", "Segments", "ValidationRules", "Vouchers"],
        ["Exports"] = ["Campaigns", "Customers", "Vouchers"],
        ["LoyaltyTiers"] = ["Campaigns", "Customers", "Events", "MetadataSchemas", "Projects", "Rewards", "Vouchers"],
        ["Loyalties"] = ["Activities", "Campaigns", "Customers", "Orders", "Publications", "Redemptions", "Rewards", "Validations", "Vouchers"],
        ["MetadataSchemas"] = ["Projects"],
        ["Orders"] = ["Customers", "Events", "MetadataSchemas", "ProductCollections", "Products"],
        ["Payloads"] = ["Campaigns", "Categories", "Customers", "Events", "Orders", "Promotions", "Redemptions", "Rewards", "Vouchers"],
        ["PendingPoints"] = ["Campaigns", "Customers", "Events", "Orders", "Vouchers"],
        ["PointsExpiration"] = ["Campaigns", "Events", "Projects", "Vouchers"],
        ["Preferences"] = ["Customers", "Events", "Projects", "Vouchers"],
        ["ProductCollections"] = ["Products", "Projects", "TrashBin"],
        ["Products"] = ["MetadataSchemas", "TrashBin"],
        ["Promotions"] = ["Campaigns", "Categories", "Events", "MetadataSchemas", "Projects", "ValidationRules", "Vouchers"],
        ["Publications"] = ["Campaigns", "Customers", "Events", "MetadataSchemas", "Projects", "Vouchers"],
        ["Qualifications"] = ["Campaigns", "Categories", "Customers", "Orders", "Products", "Promotions", "Segments", "Rewards", "Sessions", "Snapshots", "Stacking", "ValidationRules", "Validations", "Vouchers"],
        ["Referrals"] = ["Campaigns", "Customers", "Events", "Projects", "Publications", "Rewards", "Vouchers"],
        ["Redemptions"] = ["Campaigns", "Customers", "Events", "MetadataSchemas", "Orders", "Products", "Promotions", "Publications", "Rewards", "Sessions", "Snapshots", "Usages", "Validations", "Vouchers"],
        ["Rewards"] = ["Campaigns", "Events", "Products", "Projects"],
        ["Segments"] = ["Customers", "Events", "Projects"],
        ["Sessions"] = ["Vouchers"],
        ["Snapshots"] = ["Campaigns", "Categories", "MetadataSchemas", "ProductCollections", "Projects", "Promotions", "Rewards", "Segments", "Stacking", "Usages", "ValidationRules"],
        ["Stacking"] = ["Categories", "Projects"],
        ["ValidationRules"] = ["Events", "Projects", "Usages"],
        ["Validations"] = ["Campaigns", "Categories", "Customers", "Orders", "Products", "Promotions", "Rewards", "Segments", "Sessions", "Snapshots", "Stacking", "Usages", "ValidationRules", "Vouchers"],
        ["Vouchers"] = ["Categories", "Events", "MetadataSchemas", "Products", "TrashBin", "ValidationRules"],
        ["Wallets"] = ["Campaigns", "Customers", "Projects", "Snapshots", "Vouchers"],
        ["Webhooks"] = ["Projects"],
    };

    private static readonly string[] Sources = [".cs", ".razor"];

    [Fact]
    public void The_engine_knows_nothing_of_the_server() => Arrows("src/Scrip.Engine", "Scrip.Engine")
        .Where(arrow => arrow.To.StartsWith("Scrip.Server", StringComparison.Ordinal))
        .ShouldBeEmpty();

    [Fact]
    public void The_platform_knows_no_feature_and_no_dashboard() => Arrows("src/Scrip.Server/Platform", "Scrip.Server")
        .Where(arrow => Feature(arrow.To) is not null || IsDashboard(arrow.To))
        .ShouldBeEmpty();

    [Fact]
    public void Features_do_not_know_the_dashboard() => Arrows("src/Scrip.Server/Features", "Scrip.Server")
        .Where(arrow => IsDashboard(arrow.To))
        .ShouldBeEmpty();

    [Fact]
    public void Features_call_only_the_features_that_the_table_allows() => Arrows("src/Scrip.Server/Features", "Scrip.Server")
        .Select(arrow => (arrow.File, From: Feature(arrow.From), To: Feature(arrow.To)))
        .Where(call => call.From is not null && call.To is not null && call.From != call.To)
        .Where(call => !FeatureCalls.GetValueOrDefault(call.From!, []).Contains(call.To))
        .Select(call => $"{call.From} -> {call.To} in {call.File}")
        .Distinct()
        .ShouldBeEmpty();

    [Fact]
    public void The_table_of_arrows_has_no_circle()
    {
        foreach (var feature in FeatureCalls.Keys) Visit(feature, []);

        static void Visit(string feature, string[] way)
        {
            way.ShouldNotContain(feature, $"{string.Join(" -> ", way)} -> {feature}");
            foreach (var next in FeatureCalls.GetValueOrDefault(feature, [])) Visit(next, [.. way, feature]);
        }
    }

    [Fact]
    public void Namespaces_follow_folders()
    {
        var wrong = from folder in new[] { "src/Scrip.Engine", "src/Scrip.Server" }
                    from file in Repository.Sources(folder, ".cs")
                    let declared = NamespaceLine().Match(File.ReadAllText(file))
                    where declared.Success && declared.Groups[1].Value != NamespaceOf(file)
                    select $"{Repository.Relative(file)}: {declared.Groups[1].Value}";
        wrong.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("using Scrip.Server.Features.Vouchers;", "Scrip.Server.Features.Vouchers")]
    [InlineData("@using static Scrip.Server.Features.Vouchers.VoucherSql", "Scrip.Server.Features.Vouchers.VoucherSql")]
    [InlineData("var x = Features.Vouchers.VoucherSql.Load();", "Scrip.Server.Features.Vouchers.VoucherSql.Load")]
    [InlineData("global::Scrip.Server.Dashboard.Pages.X", "Scrip.Server.Dashboard.Pages.X")]
    [InlineData("// see Features.Vouchers.VoucherSql", null)]
    public void A_name_is_found_in_usings_and_in_full_or_half_qualified_use(string line, string? name) =>
        Names(line, "Scrip.Server").FirstOrDefault().ShouldBe(name);

    private static string? Feature(string name) => FeatureName().Match(name) is { Success: true } match ? match.Groups[1].Value : null;

    private static bool IsDashboard(string name) => name.StartsWith("Scrip.Server.Dashboard", StringComparison.Ordinal);

    private static IEnumerable<(string File, string From, string To)> Arrows(string folder, string root) =>
        from file in Repository.Sources(folder, Sources)
        from name in Names(File.ReadAllText(file), root)
        select (Repository.Relative(file), NamespaceOf(file), name);

    // Inside Scrip.Server, code may write Features.Vouchers.X for Scrip.Server.Features.Vouchers.X.
    private static IEnumerable<string> Names(string source, string root) => QualifiedName()
        .Matches(Comment().Replace(source, ""))
        .Select(match => match.Value.StartsWith("Scrip.", StringComparison.Ordinal) ? match.Value : $"{root}.{match.Value}");

    private static string NamespaceOf(string file)
    {
        var folder = Path.GetDirectoryName(Repository.Relative(file))!.Replace('\\', '/');
        return folder["src/".Length..].Replace('/', '.');
    }

    [GeneratedRegex(@"^\s*namespace\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^Scrip\.Server\.Features\.(\w+)")]
    private static partial Regex FeatureName();

    [GeneratedRegex(@"(?<![\w.])(?:Scrip\.(?:Server|Engine)|Features|Dashboard|Platform)(?:\.\w+)+")]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
