namespace Scrip.Server.Tests.Running;

/// <summary>Where things lie: the repository the tests were built in, and the API documents beside it.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>Scrip.slnx</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>
    /// The folder with the API's OpenAPI documents, or null when this machine has none: it is
    /// <c>../shared/contract</c> beside the repository, or what <c>SCRIP_CONTRACT</c> says.
    /// </summary>
    public static string? OpenApiFolder { get; } = FindOpenApi();

    /// <summary>Whether this run may leave nothing out.</summary>
    public static bool IsContinuousIntegration { get; } =
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the run was asked for every test, which <c>./dev test</c> without a filter says.</summary>
    public static bool IsWholeRun { get; } = Environment.GetEnvironmentVariable("SCRIP_TEST_WHOLE") == "1";

    /// <summary>Whether generated files are to be rewritten rather than compared: <c>./dev operations</c>.</summary>
    public static bool Rewrites { get; } = Environment.GetEnvironmentVariable("SCRIP_REWRITE") == "1";

    /// <summary>A path inside the repository.</summary>
    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The path of a file relative to the root, with forward slashes.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>The written source files below a folder; what the build generates is left out.</summary>
    public static IEnumerable<string> Sources(string folder, params string[] extensions) =>
        Directory.Exists(At(folder))
            ? Directory.EnumerateFiles(At(folder), "*", SearchOption.AllDirectories)
                .Where(file => extensions.Contains(Path.GetExtension(file)))
                .Where(file => !Relative(file).Split('/').Any(part => part is "bin" or "obj" or "node_modules"))
                .Order(StringComparer.Ordinal)
            : [];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Scrip.slnx"))) return folder.FullName;
        }
        throw new InvalidOperationException($"No Scrip.slnx above {AppContext.BaseDirectory}: the tests need the repository they were built in.");
    }

    private static string? FindOpenApi()
    {
        var named = Environment.GetEnvironmentVariable("SCRIP_CONTRACT");
        var folder = Path.Combine(string.IsNullOrEmpty(named) ? Path.Combine(Root, "..", "shared", "contract") : named, "openapi");
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
    }
}
