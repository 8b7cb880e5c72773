using System.Text.Json;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.AsyncActions;

/// <summary>Watches work that goes on after its request was answered. The job's row is the async action.</summary>
static class AsyncActionApi
{
    static readonly ListSpec Actions = new("async_actions", new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["type"] = ("type", ColumnKind.Text),
        ["status"] = ("status", ColumnKind.Text),
    }, ["created_at"]);

    public static void Map(Api v1)
    {
        v1.List("/v1/async-actions", "list-async-actions", List);
        v1.Get("/v1/async-actions/{asyncActionId}", "get-async-action", Get);
    }

    static async Task<ListOf<AsyncAction>> List(Call call)
    {
        var list = ListQuery.Read(call, Actions).Where("NOT is_inner");
        if (call.Query["end_date"].ToString() is { Length: > 0 } text)
        {
            if (!Moment.TryParse(text, out var end))
                throw new ApiFault(Refusals.InvalidQueryParams.With("Property .end_date cannot be recognized as a ISO-8601 compliant date"));
            list.Where($"created_at < {list.Arg(end.Ms)}");
        }
        var rows = await call.Db.Read(db => list.OneMore<Job>(db));
        var hasMore = rows.Count > list.Limit;
        return new("async_actions", rows.Take(list.Limit).Select(job => Show(job)).ToList()) { HasMore = hasMore };
    }

    static Task<AsyncAction> Get(Call call) => call.Db.Read(async db =>
    {
        var id = call.Route("asyncActionId");
        var job = await db.QueryFirstOrDefaultAsync<Job>("SELECT * FROM async_actions WHERE project_id = @project AND id = @id AND NOT is_inner",
            new { project = call.ProjectId, id }) ?? throw new ApiFault(Refusals.Missing("async_action", id));
        return Show(job) with { Result = job.Result is { } result ? Wire.Read<JsonElement>(result) : null };
    });

    static AsyncAction Show(Job job) => new()
    {
        Id = job.Id,
        Type = job.Type,
        Status = job.Status,
        OperationStatus = !IsBulkUpdate(job.Type) ? null : job.Status switch
        {
            JobStatus.Done => "SUCCESS",
            JobStatus.Failed => "FAILED",
            _ => "UNKNOWN",
        },
        CreatedAt = new(job.CreatedAt),
        UpdatedAt = Moment.From(job.UpdatedAt),
        RequestId = Wire.Read<JsonElement>(job.Parameters) is { ValueKind: JsonValueKind.Object } asked
            && asked.TryGetProperty("request_id", out var id) ? id.GetString() : null,
        ProcessingTime = (job.UpdatedAt ?? job.CreatedAt) - job.CreatedAt,
        Progress = job.Status == JobStatus.Done ? 100 : job.TotalCount <= 0 ? 0 : Math.Min(99, (long)((job.DoneCount + job.FailedCount) * (Int128)100 / job.TotalCount)),
    };

    static bool IsBulkUpdate(string type) => type.EndsWith(".BULK_UPDATE", StringComparison.Ordinal) || type.EndsWith(".METADATA_UPDATE", StringComparison.Ordinal);
}
