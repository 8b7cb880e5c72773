using System.Data.Common;
using Dapper;
using Scrip.Server.Features.Customers;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.Segments;

/// <summary>The statements about segments and who is in them.</summary>
static class SegmentSql
{
    public static Task<SegmentRow?> Find(DbConnection db, string project, string id) => db.QueryFirstOrDefaultAsync<SegmentRow>(
        "SELECT * FROM segments WHERE project_id = @project AND id = @id", new { project, id });

    /// <summary>Those with one of the ids, or all.</summary>
    public static async Task<List<SegmentRow>> Of(DbConnection db, Dialect dialect, string project, string[]? ids) => (await db.QueryAsync<SegmentRow>(
        $"SELECT * FROM segments WHERE project_id = @project{(ids is null ? "" : $" AND {dialect.Among("id", "@ids")}")} ORDER BY created_at, id",
        new { project, ids = ids is null ? null : dialect.Texts(ids) })).AsList();

    /// <summary>Those with a filter; a few at most.</summary>
    public static async Task<List<SegmentRow>> Filtered(DbConnection db, string project) => (await db.QueryAsync<SegmentRow>(
        "SELECT * FROM segments WHERE project_id = @project AND type <> 'static' ORDER BY created_at, id", new { project })).AsList();

    public static Task<long> CountFiltered(DbConnection db, string project) => db.ExecuteScalarAsync<long>(
        "SELECT COUNT(*) FROM segments WHERE project_id = @project AND type <> 'static'", new { project });

    public static Task Insert(DbConnection db, SegmentRow row) => db.ExecuteAsync("""
        INSERT INTO segments (project_id, id, name, type, sync_status, is_timed, refreshed_at, created_at, body)
        VALUES (@ProjectId, @Id, @Name, @Type, @SyncStatus, @IsTimed, @RefreshedAt, @CreatedAt, @json)
        """, new { row.ProjectId, row.Id, row.Name, row.Type, row.SyncStatus, row.IsTimed, row.RefreshedAt, row.CreatedAt, json = new Json(row.Body) });

    public static Task Synced(DbConnection db, string project, string id) => db.ExecuteAsync(
        "UPDATE segments SET sync_status = 'DONE' WHERE project_id = @project AND id = @id", new { project, id });

    public static Task<int> Delete(DbConnection db, string project, string id) => db.ExecuteAsync(
        "DELETE FROM segments WHERE project_id = @project AND id = @id", new { project, id });

    /// <summary>Takes some of the members of a deleted segment away. Answers how many.</summary>
    public static Task<int> DeleteMembers(DbConnection db, string project, string id, int limit) => db.ExecuteAsync("""
        DELETE FROM segment_members WHERE project_id = @project AND segment_id = @id AND customer_id IN (
            SELECT customer_id FROM segment_members WHERE project_id = @project AND segment_id = @id LIMIT @limit)
        """, new { project, id, limit });

    /// <summary>The segments that a customer is in, oldest first.</summary>
    public static async Task<List<SegmentRow>> OfCustomer(DbConnection db, string project, string customer) => (await db.QueryAsync<SegmentRow>("""
        SELECT s.* FROM segment_members m JOIN segments s ON s.project_id = m.project_id AND s.id = m.segment_id
        WHERE m.project_id = @project AND m.customer_id = @customer ORDER BY s.created_at, s.id
        """, new { project, customer })).AsList();

    /// <summary>Who of these is in which segments, by customer.</summary>
    public static async Task<ILookup<string, string>> Memberships(DbConnection db, Dialect dialect, string project, IReadOnlyCollection<string> customers) =>
        (await db.QueryAsync<(string Customer, string Segment)>(
            $"SELECT customer_id, segment_id FROM segment_members WHERE project_id = @project AND {dialect.Among("customer_id", "@customers")}",
            new { project, customers = dialect.Texts(customers) })).ToLookup(one => one.Customer, one => one.Segment);

    /// <summary>False when the customer was in it already.</summary>
    public static async Task<bool> Enter(DbConnection db, string project, string customer, string segment, long now) => await db.ExecuteAsync("""
        INSERT INTO segment_members (project_id, customer_id, segment_id, since) VALUES (@project, @customer, @segment, @now)
        ON CONFLICT (project_id, customer_id, segment_id) DO NOTHING
        """, new { project, customer, segment, now }) == 1;

    /// <summary>False when the customer was not in it.</summary>
    public static async Task<bool> Leave(DbConnection db, string project, string customer, string segment) => await db.ExecuteAsync(
        "DELETE FROM segment_members WHERE project_id = @project AND customer_id = @customer AND segment_id = @segment", new { project, customer, segment }) == 1;

    /// <summary>Customers as filters see them, with what those look at and no more.</summary>
    public static async Task<List<Person>> People(DbConnection db, Dialect dialect, string project, IReadOnlyCollection<string> ids, IReadOnlySet<string> topics)
    {
        var rows = (await db.QueryAsync<CustomerRow>(
            $"SELECT * FROM customers WHERE project_id = @project AND {dialect.Among("id", "@ids")} ORDER BY id", new { project, ids = dialect.Texts(ids) })).AsList();
        return await People(db, dialect, project, rows, topics);
    }

    /// <summary>The same of customers that were read already.</summary>
    public static async Task<List<Person>> People(DbConnection db, Dialect dialect, string project, List<CustomerRow> rows, IReadOnlySet<string> topics)
    {
        string[] ids = [.. rows.Select(row => row.Id)];
        var summaries = topics.Contains(Topics.Redemptions) || topics.Contains(Topics.Orders) || topics.Contains(Topics.Loyalty) ? await CustomerSummarySql.Of(db, dialect, project, ids) : [];
        string[] names = [.. topics.Where(topic => topic.StartsWith(Topics.EventPrefix, StringComparison.Ordinal)).Select(topic => topic[Topics.EventPrefix.Length..])];
        var events = names.Length == 0 ? [] : (await db.QueryAsync<EventCount>($"""
            SELECT customer_id, name, count, first_at, last_at FROM customer_event_counts
            WHERE project_id = @project AND {dialect.Among("customer_id", "@ids")} AND {dialect.Among("name", "@names")}
            """, new { project, ids = dialect.Texts(ids), names = dialect.Texts(names) })).GroupBy(one => one.CustomerId).ToDictionary(group => group.Key, group => group.ToDictionary(one => one.Name));
        var members = topics.Any(topic => topic.StartsWith(Topics.SegmentPrefix, StringComparison.Ordinal)) ? await Memberships(db, dialect, project, ids) : null;
        return rows.ConvertAll(row => new Person(row, summaries.GetValueOrDefault(row.Id), events.GetValueOrDefault(row.Id), members?[row.Id].ToHashSet()));
    }
}
