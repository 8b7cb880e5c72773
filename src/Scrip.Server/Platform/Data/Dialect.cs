namespace Scrip.Server.Platform.Data;

/// <summary>Every difference between the SQL of the two databases, by name.</summary>
public sealed record Dialect
{
    /// <summary>Ends a sub-select that claims rows no other worker holds.</summary>
    public required string SkipLocked { get; init; }

    /// <summary>Ends a select whose row is about to be changed by the same transaction.</summary>
    public required string ForUpdate { get; init; }

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

    /// <summary>A condition that a column holds one of many texts, which <see cref="Texts"/> binds.</summary>
    public string Among(string column, string arg) =>
        IsPostgres ? $"{column} = ANY ({arg})" : $"{column} IN (SELECT value FROM json_each({arg}))";

    /// <summary>The value of a parameter of <see cref="Among"/>.</summary>
    public object Texts(IReadOnlyCollection<string> texts)
    {
        if (IsPostgres) return texts.ToArray();
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new System.Text.Json.Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var text in texts) writer.WriteStringValue(text);
            writer.WriteEndArray();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A JSON column with the JSON of a parameter in place of one of its fields.</summary>
    public string JsonSet(string column, string field, string arg) => IsPostgres
        ? $"jsonb_set({column}, '{{{field}}}', CAST({arg} AS JSONB))"
        : $"json_set({column}, '$.{field}', json({arg}))";

    /// <summary>A condition that a field of a JSON column is not the JSON of a parameter.</summary>
    public string JsonDiffers(string column, string field, string arg) => IsPostgres
        ? $"({column}->'{field}') IS DISTINCT FROM CAST({arg} AS JSONB)"
        : $"({column}->'{field}') IS NOT json({arg})";

    /// <summary>SQLite in the process.</summary>
    public static readonly Dialect Sqlite = new() { SkipLocked = "", ForUpdate = "", Like = "LIKE", IsPostgres = false };

    /// <summary>PostgreSQL 15 or newer.</summary>
    public static readonly Dialect Postgres = new() { SkipLocked = "FOR UPDATE SKIP LOCKED", ForUpdate = "FOR UPDATE", Like = "ILIKE", IsPostgres = true };
}
