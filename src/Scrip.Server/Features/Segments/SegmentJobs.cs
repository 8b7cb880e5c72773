using System.Data.Common;
using Dapper;
using Scrip.Server.Features.Customers;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.Segments;

/// <summary>
/// What segments do beside the events: look at every customer once when a segment is made, again as time goes by, and
/// clear the members of a deleted one away. A chunk keeps the workers of events out, so that none moves a customer by
/// facts that the other has not seen.
/// </summary>
static class SegmentJobs
{
    /// <summary>Looks at every customer.</summary>
    public const string Fill = "SEGMENT.FILL";

    /// <summary>Clears away.</summary>
    public const string Clear = "SEGMENT.CLEAR";

    static readonly (string Name, bool IsJson)[] Members = [("project_id", false), ("customer_id", false), ("segment_id", false), ("since", false)];

    /// <summary>The steps by type.</summary>
    public static IEnumerable<KeyValuePair<string, JobStep>> Steps(Database database) =>
    [
        new(Fill, (db, job, now) => FillSome(database, db, job, now)),
        new(Clear, ClearSome),
    ];

    // SQLite's one writer must not keep requests waiting.
    static int ChunkRows(Database database) => database.Dialect.IsPostgres ? 2000 : 400;

    /// <summary>Adds the job inside a write; wake the queue after it.</summary>
    /// <param name="db">The connection of the write.</param>
    /// <param name="project">The project.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="isFirst">False when customers were looked at before, so that entering and leaving is to be told.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static Task EnqueueFill(DbConnection db, string project, string segment, bool isFirst, long now) =>
        JobQueue.Enqueue(db, project, Fill, Wire.Text(new SegmentJob(segment, isFirst)), 0, now, series: "segment " + segment, isInner: true);

    /// <summary>Adds the job that clears a deleted segment away.</summary>
    public static Task EnqueueClear(DbConnection db, string project, string segment, long now) =>
        JobQueue.Enqueue(db, project, Clear, Wire.Text(new SegmentJob(segment, false)), 0, now, series: "segment " + segment, isInner: true);

    static async Task<Chunk> FillSome(Database database, DbConnection db, Job job, long now)
    {
        var work = Wire.Read<SegmentJob>(job.Parameters);
        await OutboxQueue.HoldAll(db, database.Dialect);
        if (await SegmentSql.Find(db, job.ProjectId, work.SegmentId) is not { } segment || segment.Bind() is not { } filter) return Last(job, 0);
        var limit = ChunkRows(database);
        var rows = (await db.QueryAsync<CustomerRow>("SELECT * FROM customers WHERE project_id = @ProjectId AND id > @after ORDER BY id LIMIT @limit",
            new { job.ProjectId, after = job.Place ?? "", limit })).AsList();
        if (rows.Count > 0) await Judge(database, db, segment, filter, rows, work.IsFirst, now);
        if (rows.Count == limit) return Chunk.More(rows.Count, rows[^1].Id);
        if (work.IsFirst) await SegmentSql.Synced(db, job.ProjectId, segment.Id);
        return Last(job, rows.Count);
    }

    static async Task Judge(Database database, DbConnection db, SegmentRow segment, SegmentFilter filter, List<CustomerRow> rows, bool isFirst, long now)
    {
        var zone = await SegmentFlow.Zone(db, segment.ProjectId);
        var people = await SegmentSql.People(db, database.Dialect, segment.ProjectId, rows, filter.Mentions);
        var inside = (await db.QueryAsync<string>("""
            SELECT customer_id FROM segment_members
            WHERE project_id = @ProjectId AND segment_id = @Id AND customer_id >= @from AND customer_id <= @to
            """, new { segment.ProjectId, segment.Id, from = rows[0].Id, to = rows[^1].Id })).ToHashSet();
        var wrong = people.Select(person => (person.Row, Holds: filter.Matches(person, zone, now))).Where(one => one.Holds != inside.Contains(one.Row.Id)).ToList();
        if (!isFirst)
        {
            foreach (var (row, holds) in wrong) await SegmentFlow.Move(db, database.Dialect, segment.ProjectId, row, segment, holds, now);
            return;
        }
        await database.BulkInsert(db, "segment_members", Members, wrong.Where(one => one.Holds).Select(one => new object?[] { segment.ProjectId, one.Row.Id, segment.Id, now }));
        foreach (var (row, _) in wrong.Where(one => !one.Holds)) await SegmentSql.Leave(db, segment.ProjectId, row.Id, segment.Id);
    }

    static async Task<Chunk> ClearSome(DbConnection db, Job job, long _)
    {
        const int Rows = 5000;
        var gone = await SegmentSql.DeleteMembers(db, job.ProjectId, Wire.Read<SegmentJob>(job.Parameters).SegmentId, Rows);
        return gone == Rows ? Chunk.More(gone) : Last(job, gone);
    }

    static Chunk Last(Job job, int done) => Chunk.Last(done, Wire.Text(new SegmentJobResult(job.DoneCount + done)));
}

/// <summary>What a job of a segment works on.</summary>
public sealed record SegmentJob(string SegmentId, bool IsFirst);

/// <summary>How many customers it looked at.</summary>
public sealed record SegmentJobResult(long DoneCount);
