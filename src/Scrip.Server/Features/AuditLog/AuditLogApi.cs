using System.Data.Common;
using System.Globalization;
using Scrip.Engine;
using Scrip.Server.Features.Projects;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.AuditLog;

/// <summary>The audit log of a project, through the management keys. Operations of ours.</summary>
static class AuditLogApi
{
    const string Path = "/management/v1/projects/{projectId}/audit-log";

    public static void Map(Api management)
    {
        management.List(Path, "list-audit-log", List);
        management.Get(Path + "/{entryId}", "get-audit-log-entry", Get);
    }

    static Task<ListOf<AuditEntry>> List(Call call)
    {
        // Who watches the log does not fill it.
        call.IsLogged = false;
        var filter = Read(call);
        return call.Db.Read(async db =>
        {
            var (entries, hasMore) = await AuditLogSql.List(db, call.Db.Dialect, await ProjectSql.Need(db, call), filter);
            return new ListOf<AuditEntry>("data", entries) { HasMore = hasMore };
        });
    }

    static Task<AuditEntry> Get(Call call) => call.Db.Read(async db =>
    {
        call.IsLogged = false;
        var id = call.Route("entryId");
        return await AuditLogSql.Find(db, await ProjectSql.Need(db, call), id) ?? throw new ApiFault(Refusals.Missing("audit_log_entry", id));
    });

    static AuditFilter Read(Call call)
    {
        var kind = Text(call, "type") ?? AuditKind.Request;
        if (!AuditLogSql.All.Contains(kind)) throw Wrong("type", $"must be one of: {string.Join(", ", AuditLogSql.All)}");
        var status = Text(call, "status");
        if (kind == AuditKind.Request && status is not (null or "success" or "failure") && !IsCode(status))
            throw Wrong("status", "must be success, failure or an HTTP status such as 404");
        var path = Text(call, "path");
        if (path is not null && kind != AuditKind.Request) throw Wrong("path", $"goes with type {AuditKind.Request} only");
        return new(kind)
        {
            Status = status,
            Name = Text(call, "name"),
            Path = path,
            After = Instant(call, "after"),
            Before = Instant(call, "before"),
            Limit = ListQuery.Number(call, "limit", 10, AuditFilter.LimitMax),
            Page = ListQuery.Number(call, "page", 1, ListQuery.PageMax),
        };
    }

    static bool IsCode(string text) => text.Length == 3 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code >= 100;

    static long? Instant(Call call, string side) => Text(call, $"created_at[{side}]") switch
    {
        null => null,
        var text when Moment.TryParse(text, out var moment) => moment.Ms,
        _ => throw Wrong($"created_at.{side}", "cannot be recognized as a ISO-8601 compliant date"),
    };

    static string? Text(Call call, string name) => call.Query[name].ToString() is { Length: > 0 } text ? text : null;

    static ApiFault Wrong(string field, string what) => new(Refusals.InvalidQueryParams.With($"Property .{field} {what}"));
}
