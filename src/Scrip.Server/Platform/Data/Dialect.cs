namespace Scrip.Server.Platform.Data;

/// <summary>Every difference between the SQL of the two databases, by name.</summary>
public sealed record Dialect
{
    /// <summary>Ends a sub-select that claims rows no other worker holds.</summary>
    public required string SkipLocked { get; init; }

    /// <summary>Compares text with LIKE, regardless of letter case.</summary>
    public required string Like { get; init; }

    /// <summary>True on PostgreSQL.</summary>
    public required bool IsPostgres { get; init; }

    /// <summary>The value at a path of a JSON column as text: <c>body, metadata, color</c>.</summary>
    public string JsonText(string column, ReadOnlySpan<string> path)
    {
        var sql = column;
        for (var i = 0; i < path.Length; i++)
            sql += (i == path.Length - 1 ? "->>" : "->") + "'" + path[i].Replace("'", "''", StringComparison.Ordinal) + "'";
        // SQLite hands numbers and booleans out as such; both sides compare text.
        return IsPostgres ? $"({sql})" : $"CAST(({sql}) AS TEXT)";
    }

    /// <summary>SQLite in the process.</summary>
    public static readonly Dialect Sqlite = new() { SkipLocked = "", Like = "LIKE", IsPostgres = false };

    /// <summary>PostgreSQL 15 or newer.</summary>
    public static readonly Dialect Postgres = new() { SkipLocked = "FOR UPDATE SKIP LOCKED", Like = "ILIKE", IsPostgres = true };
}
