using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.AuditLog;

/// <summary>The audit log as queries, newest entries first. Whoever shows it calls these.</summary>
static class AuditLogSql
{
    /// <summary>Where the entries of each kind lie: the table, the prefix of its ids, and its columns as those of <see cref="Row"/>.</summary>
    static readonly Dictionary<string, (string Table, string Prefix, string Name, string Columns, string Bodies)> Kinds = new(StringComparer.Ordinal)
    {
        [AuditKind.Request] = ("api_requests", "req-", "operation",
            "id, operation AS name, status AS code, created_at, duration_ms, method, path, query, app_id, channel",
            "request AS asked, response AS answered"),
        [AuditKind.Task] = ("async_actions", "aa_", "type",
            "id, type AS name, status AS word, created_at, COALESCE(updated_at, created_at) - created_at AS duration_ms",
            "parameters AS asked, result AS answered"),
        [AuditKind.Export] = ("exports", "exp_", "exported_object",
            "id, exported_object AS name, status AS word, created_at, channel",
            "body AS asked, NULL AS answered"),
        [AuditKind.Sendout] = ("webhook_sendouts", "whs_", "type",
            "id, type AS name, status AS word, created_at, webhook_id, target_url, attempts",
            "payload AS asked, log AS answered"),
    };

    /// <summary>The kinds there are.</summary>
    public static IEnumerable<string> All => Kinds.Keys;

    /// <summary>A page of entries, and whether there is another behind it.</summary>
    public static async Task<(List<AuditEntry> Entries, bool HasMore)> List(DbConnection db, Dialect dialect, string project, AuditFilter filter)
    {
        var kind = Kinds[filter.Kind];
        var conditions = new List<string> { "project_id = @project" };
        if (filter.After is not null) conditions.Add("created_at >= @After");
        if (filter.Before is not null) conditions.Add("created_at < @Before");
        if (filter.Name is not null) conditions.Add($"{kind.Name} = @Name");
        if (filter.Path is not null) conditions.Add("path LIKE @prefix ESCAPE '\\'");
        conditions.AddRange(filter.Kind == AuditKind.Request ? CodeConditions(filter.Status) : filter.Status is null ? [] : ["status = @Status"]);
        var rows = (await db.QueryAsync<Row>($"""
            SELECT {kind.Columns} FROM {kind.Table} WHERE {string.Join(" AND ", conditions)}
            ORDER BY created_at DESC, id DESC LIMIT {filter.Limit + 1} OFFSET {(filter.Page - 1) * filter.Limit}
            """, new
        {
            project,
            filter.After,
            filter.Before,
            filter.Name,
            filter.Status,
            code = int.TryParse(filter.Status, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0L,
            prefix = Escaped(filter.Path) + "%",
        })).AsList();
        return ([.. rows.Take(filter.Limit).Select(row => row.Show(filter.Kind))], rows.Count > filter.Limit);
    }

    /// <summary>One entry with what was asked and answered; null when there is none.</summary>
    public static async Task<AuditEntry?> Find(DbConnection db, string project, string id)
    {
        var (name, kind) = Kinds.FirstOrDefault(kind => id.StartsWith(kind.Value.Prefix, StringComparison.Ordinal));
        if (name is null) return null;
        // Calls are found by the instant in their id, which begins their key.
        if (name == AuditKind.Request && Ids.Instant(id, kind.Prefix.Length) is null) return null;
        var instant = name == AuditKind.Request ? "AND created_at = @instant" : "";
        var row = await db.QueryFirstOrDefaultAsync<Row>(
            $"SELECT {kind.Columns}, {kind.Bodies} FROM {kind.Table} WHERE project_id = @project AND id = @id {instant}",
            new { project, id, instant = Ids.Instant(id, kind.Prefix.Length) ?? 0 });
        return row?.Show(name);
    }

    static IEnumerable<string> CodeConditions(string? status) => status switch
    {
        null => [],
        "success" => ["status < 400"],
        "failure" => ["status >= 400"],
        _ => ["status = @code"],
    };

    static string Escaped(string? text) => (text ?? "").Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);

    /// <summary>An entry of any kind; what its kind does not have is null.</summary>
    sealed class Row
    {
        public string Id { get; init; } = "";
        public string? Name { get; init; }
        public long? Code { get; init; }
        public string? Word { get; init; }
        public long CreatedAt { get; init; }
        public long? DurationMs { get; init; }
        public string? Method { get; init; }
        public string? Path { get; init; }
        public string? Query { get; init; }
        public string? AppId { get; init; }
        public string? Channel { get; init; }
        public string? WebhookId { get; init; }
        public string? TargetUrl { get; init; }
        public long? Attempts { get; init; }
        public string? Asked { get; init; }
        public string? Answered { get; init; }

        public AuditEntry Show(string kind) => new()
        {
            Id = Id,
            Type = kind,
            Name = Name,
            Status = Word ?? Code?.ToString(CultureInfo.InvariantCulture) ?? "",
            CreatedAt = new(CreatedAt),
            DurationMs = DurationMs,
            Method = Method,
            Path = Path,
            Query = Query is { Length: > 0 } ? Query : null,
            AppId = AppId,
            Channel = Channel,
            WebhookId = WebhookId,
            TargetUrl = TargetUrl,
            AttemptsCount = Attempts,
            Request = Body(Asked),
            Response = Body(Answered),
        };

        // The start of a long body is no JSON any more.
        static JsonElement? Body(string? text)
        {
            if (text is null) return null;
            try
            {
                return Wire.Read<JsonElement>(text);
            }
            catch (JsonException)
            {
                return Wire.Element(text);
            }
        }
    }
}
