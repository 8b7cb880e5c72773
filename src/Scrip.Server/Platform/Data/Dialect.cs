namespace Scrip.Server.Platform.Data;

/// <summary>Every difference between the SQL of the two databases, by name.</summary>
public sealed record Dialect
{
    /// <summary>Ends a sub-select that claims rows no other worker holds.</summary>
    public required string SkipLocked { get; init; }

    /// <summary>Ends a select whose row is about to be changed by the same transaction.</summary>
    public required string ForUpdate { get; init; }

    /// <summary>Ends a select whose row is to stay as it is until the transaction ends.</summary>
    public required string ForShare { get; init; }

    /// <summary>Compares text with LIKE, regardless of letter case.</summary>
    public required string Like { get; init; }

    /// <summary>Begins a transaction that may be lost in a crash and is not waited for; empty where there is no such thing.</summary>
    public required string CommitLater { get; init; }

    /// <summary>True on PostgreSQL.</summary>
    public required bool IsPostgres { get; init; }

    /// <summary>The value at a path of a JSON column as text: <c>body, metadata, color</c>.</summary>
    public string JsonText(string column, ReadOnlySpan<string> path)
    {
        var sql = IsPostgres ? Parsed(column) : column;
        for (var i = 0; i < path.Length; i++)
            sql += (i == path.Length - 1 ? "->>" : "->") + "'" + path[i].Replace("'", "''", StringComparison.Ordinal) + "'";
        // SQLite hands numbers and booleans out as such; both sides compare text.
        return IsPostgres ? $"({sql})" : $"CAST(({sql}) AS TEXT)";
    }

    // Bodies that nothing searches in the ordinary course are kept as texts; a cast of what is parsed costs nothing.
    static string Parsed(string column) => $"CAST({column} AS JSONB)";

    /// <summary>The JSON at a path of a JSON column; NULL where there is none or JSON null. No name may hold quotes or backslashes.</summary>
    public string JsonAt(string column, ReadOnlySpan<string> path)
    {
        if (!IsPostgres) return $"NULLIF({column} -> '$.\"{string.Join("\".\"", path.ToArray())}\"', 'null')";
        var sql = Parsed(column);
        foreach (var name in path) sql += $"->'{name}'";
        return $"NULLIF({sql}, 'null'::jsonb)";
    }

    /// <summary>
    /// True when one of the scalars of a JSON value meets a condition: the elements of an array, else the value
    /// itself. The condition speaks of the element through the functions below.
    /// </summary>
    public string AnyElement(string json, string condition) => $"EXISTS ({Elements("1", json)} WHERE {condition})";

    /// <summary>How many elements a JSON value has: those of an array, 1 for anything else, 0 for none.</summary>
    public string CountElements(string json) =>
        $"({Elements("COUNT(*)", json)} WHERE {(IsPostgres ? "jsonb_typeof(e.value) <> 'null'" : "e.type <> 'null'")})";

    string Elements(string what, string json) => IsPostgres
        ? $"SELECT {what} FROM jsonb_array_elements(CASE WHEN jsonb_typeof({json}) = 'array' THEN {json} ELSE jsonb_build_array({json}) END) AS e(value)"
        : $"SELECT {what} FROM json_each(CASE WHEN json_type({json}) = 'array' THEN {json} ELSE json_array(json({json})) END) AS e";

    /// <summary>An element of <see cref="AnyElement"/> as a text or a number; NULL when it is something else.</summary>
    public string Element(JsonScalar kind) => (kind, IsPostgres) switch
    {
        (JsonScalar.Text, true) => "(CASE WHEN jsonb_typeof(e.value) IN ('string', 'boolean') THEN e.value #>> '{}' END) COLLATE \"C\"",
        (JsonScalar.Text, false) => "(CASE WHEN e.type = 'text' THEN e.value WHEN e.type IN ('true', 'false') THEN e.type END)",
        (_, true) => "(CASE WHEN jsonb_typeof(e.value) = 'number' THEN CAST(e.value #>> '{}' AS NUMERIC) END)",
        (_, false) => "(CASE WHEN e.type IN ('integer', 'real') THEN e.value END)",
    };

    /// <summary>The names of a JSON object as an array; any other JSON stays what it is.</summary>
    public string JsonNames(string json) => IsPostgres
        ? $"(CASE WHEN jsonb_typeof({json}) = 'object' THEN jsonb_path_query_array({json}, '$.keyvalue().key') ELSE {json} END)"
        : $"(CASE WHEN json_type({json}) = 'object' THEN (SELECT json_group_array(k.key) FROM json_each({json}) AS k) ELSE {json} END)";

    /// <summary>A condition that a JSON value is an array.</summary>
    public string IsArray(string json) => IsPostgres ? $"jsonb_typeof({json}) = 'array'" : $"json_type({json}) = 'array'";

    /// <summary>A condition that a text holds another, letter case included.</summary>
    public string Holds(string text, string part) => IsPostgres ? $"strpos({text}, {part}) > 0" : $"instr({text}, {part}) > 0";

    /// <summary>A fraction as a parameter's value; SQLite has no exact ones.</summary>
    public object Fraction(decimal value) => IsPostgres ? value : value == decimal.Truncate(value) ? (long)value : (object)(double)value;

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

    /// <summary>A table with one column, <c>value</c>, which holds the items of a parameter that is a JSON array.</summary>
    public string Items(string arg) => IsPostgres ? $"jsonb_array_elements(CAST({arg} AS JSONB)) AS item(value)" : $"json_each({arg})";

    /// <summary>A JSON column with the JSON of a parameter in place of one of its fields.</summary>
    public string JsonSet(string column, string field, string arg) => IsPostgres
        ? $"jsonb_set({column}, '{{{field}}}', CAST({arg} AS JSONB))"
        : $"json_set({column}, '$.{field}', json({arg}))";

    /// <summary>A condition that a field of a JSON column is not the JSON of a parameter.</summary>
    public string JsonDiffers(string column, string field, string arg) => IsPostgres
        ? $"({column}->'{field}') IS DISTINCT FROM CAST({arg} AS JSONB)"
        : $"({column}->'{field}') IS NOT json({arg})";

    /// <summary>SQLite in the process.</summary>
    public static readonly Dialect Sqlite = new() { SkipLocked = "", ForUpdate = "", ForShare = "", CommitLater = "", Like = "LIKE", IsPostgres = false };

    /// <summary>PostgreSQL 15 or newer.</summary>
    public static readonly Dialect Postgres = new() { SkipLocked = "FOR UPDATE SKIP LOCKED", ForUpdate = "FOR UPDATE", ForShare = "FOR SHARE", CommitLater = "SET LOCAL synchronous_commit TO OFF", Like = "ILIKE", IsPostgres = true };
}

/// <summary>The kinds of scalars inside JSON that <see cref="Dialect.Element"/> tells apart.</summary>
public enum JsonScalar
{
    /// <summary>A text, which compares by its code points; a truth is the text <c>true</c> or <c>false</c>.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,
}
