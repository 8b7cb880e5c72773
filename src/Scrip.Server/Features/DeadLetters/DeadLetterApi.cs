using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Features.Projects;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.DeadLetters;

/// <summary>Events that were given up after their last attempt: what they are, why they failed, and another attempt. An operation of ours.</summary>
static class DeadLetterApi
{
    const string Path = "/management/v1/projects/{projectId}/dead-letters";
    const string Type = "dead_letter";
    const int LimitMax = 100;
    const int LimitDefault = 10;

    public static void Map(Api management)
    {
        management.Get(Path, "list-dead-letters", List);
        management.Post(Path + "/{eventId}/retry", "retry-dead-letter", Retry);
    }

    static Task<ListOf<DeadLetter>> List(Call call)
    {
        var limit = Limit(call);
        var after = call.Query["starting_after_id"].ToString();
        return call.Db.Read(async db =>
        {
            var project = await Project(db, call);
            var total = await db.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM outbox WHERE project_id = @project AND is_dead", new { project });
            var rows = (await db.QueryAsync<DeadRow>("""
                SELECT * FROM outbox WHERE project_id = @project AND is_dead AND id > @after ORDER BY id LIMIT @limit
                """, new { project, after, limit = limit + 1 })).AsList();
            var hasMore = rows.Count > limit;
            if (hasMore) rows.RemoveAt(limit);
            return new ListOf<DeadLetter>("data", rows.ConvertAll(row => row.Show())) { Total = total, HasMore = hasMore, MoreStartingAfter = hasMore ? rows[^1].Id : null };
        });
    }

    static int Limit(Call call) => call.Query["limit"].ToString() switch
    {
        "" => LimitDefault,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= LimitMax => limit,
        _ => throw new ApiFault(Refusals.InvalidQueryParams.With($"Property .limit must be an integer from 1 to {LimitMax}")),
    };

    // All attempts anew. It is handled at once, after whatever its customer did since.
    static Task<DeadLetter> Retry(Call call) => call.Commit(async db =>
    {
        var (project, id) = (await Project(db, call), call.Route("eventId"));
        var row = await db.QueryFirstOrDefaultAsync<DeadRow>("""
            UPDATE outbox SET is_dead = FALSE, attempts = 0, due_at = @Now WHERE project_id = @project AND id = @id AND is_dead RETURNING *
            """, new { project, id, call.Now });
        return row?.Show() ?? throw new ApiFault(Refusals.Missing(Type, id));
    });

    static async Task<string> Project(DbConnection db, Call call)
    {
        var id = call.Route("projectId");
        return (await ProjectSql.Find(db, id) ?? throw new ApiFault(Refusals.Missing("project", id))).Id;
    }

    /// <summary>A row of <c>outbox</c> that was given up.</summary>
    sealed class DeadRow
    {
        public string Id { get; init; } = "";
        public string Type { get; init; } = "";
        public string? CustomerId { get; init; }
        public long Attempts { get; init; }
        public string? Fault { get; init; }
        public string Body { get; init; } = "{}";
        public string? Source { get; init; }
        public long CreatedAt { get; init; }

        public DeadLetter Show() => new()
        {
            Id = Id,
            Type = Type,
            CustomerId = CustomerId,
            Attempts = Attempts,
            Fault = Fault,
            Data = Wire.Read<JsonElement>(Body),
            Source = Source is null ? null : Wire.Read<OutboxSource>(Source),
            CreatedAt = new(CreatedAt),
        };
    }
}

/// <summary>An event that was given up.</summary>
public sealed record DeadLetter
{
    public required string Id { get; init; }
    /// <summary>As the feature wrote it: a documented type, or one that stands for several.</summary>
    public required string Type { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? CustomerId { get; init; }
    public required long Attempts { get; init; }
    /// <summary>Why the last attempt failed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? Fault { get; init; }
    public required JsonElement Data { get; init; }
    public OutboxSource? Source { get; init; }
    public required Moment CreatedAt { get; init; }
    public string Object => "dead_letter";
}
