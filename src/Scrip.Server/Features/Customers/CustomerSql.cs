using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Customers;

/// <summary>A row of <c>customers</c>, as it was read or as it is to be written.</summary>
public sealed class CustomerRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string? SourceId { get; init; }
    public string? Name { get; init; }
    public string? Email { get; init; }
    public long CreatedAt { get; init; }
    /// <summary>Grows with every update, so that it also tells whether a row changed since it was read.</summary>
    public long? UpdatedAt { get; init; }
    /// <summary>One of <see cref="Customers.EmailChoice"/>, or null; the hot path does not read it, and no update of the customer writes it.</summary>
    public string? EmailChoice { get; init; }
    public string Body { get; init; } = "{}";
    CustomerBody? content;
    /// <summary>What the body says, read once.</summary>
    public CustomerBody Content => content ??= Wire.Read<CustomerBody>(Body);

    /// <summary>No column: true when the row is not stored yet.</summary>
    public bool IsNew { get; init; }
    /// <summary>No column: <see cref="UpdatedAt"/> of the stored row that this one replaces.</summary>
    public long? ReplacesUpdatedAt { get; init; }
}

/// <summary>The statements about customers, who are named by id or by <c>source_id</c>.</summary>
static class CustomerSql
{
    /// <summary>
    /// The customer whose id is <c>@id</c>, else whose source id is; else likewise for <c>@source</c>. Four plain
    /// look-ups: SQLite reads all customers of a project for a condition with that many ORs.
    /// </summary>
    public const string SelectNamed = """
        SELECT * FROM (
            SELECT 0 AS place, c.* FROM customers c WHERE project_id = @project AND id = @id
            UNION ALL SELECT 1 AS place, c.* FROM customers c WHERE project_id = @project AND source_id = @id
            UNION ALL SELECT 2 AS place, c.* FROM customers c WHERE project_id = @project AND source_id = @source
            UNION ALL SELECT 3 AS place, c.* FROM customers c WHERE project_id = @project AND id = @source
        ) named ORDER BY place LIMIT 1
        """;

    /// <summary>
    /// The same for the hot path: all that the names name, with the place of each, and without a look-up by a name that
    /// was not sent. Read it with <see cref="First"/>.
    /// </summary>
    public static string SelectHot(bool hasId, bool hasSource) => (hasId, hasSource) switch { (true, true) => $"{ById} UNION ALL {BySource}", (true, false) => ById, _ => BySource };

    const string HotColumns = "project_id, id, source_id, name, email, created_at, updated_at, body FROM customers WHERE project_id = @project";

    const string ById = $"SELECT 0 AS place, {HotColumns} AND id = @id UNION ALL SELECT 1 AS place, {HotColumns} AND source_id = @id";

    const string BySource = $"SELECT 2 AS place, {HotColumns} AND source_id = @source UNION ALL SELECT 3 AS place, {HotColumns} AND id = @source";

    /// <summary>The customer that a name stands for, among those that <see cref="SelectHot"/> found.</summary>
    public static async ValueTask<CustomerRow?> First(Rows rows)
    {
        var found = await rows.All(static row => (Place: row.Number(0), Row: Read(row)));
        return found.Count == 0 ? null : found.MinBy(static one => one.Place).Row;
    }

    static CustomerRow Read(Rows rows) => new()
    {
        ProjectId = rows.Text(1),
        Id = rows.Text(2),
        SourceId = rows.TextOrNull(3),
        Name = rows.TextOrNull(4),
        Email = rows.TextOrNull(5),
        CreatedAt = rows.Number(6),
        UpdatedAt = rows.NumberOrNull(7),
        Body = rows.Text(8),
    };

    const string Insert = """
        INSERT INTO customers (project_id, id, source_id, name, email, created_at, body)
        VALUES (@project, @id, @source_id, @name, @email, @created_at, @body)
        """;

    // Changes no row when another writer changed or deleted the customer since it was read.
    const string Update = """
        UPDATE customers SET name = @name, email = @email, updated_at = @updated_at, body = @body
        WHERE project_id = @project AND id = @id AND updated_at IS NOT DISTINCT FROM @seen
        """;

    /// <summary>The customers of ids, in no order.</summary>
    public static async Task<List<CustomerRow>> Among(DbConnection db, Dialect dialect, string project, IReadOnlyCollection<string> ids) => ids.Count == 0 ? []
        : (await db.QueryAsync<CustomerRow>($"SELECT * FROM customers WHERE project_id = @project AND {dialect.Among("id", "@ids")}", new { project, ids = dialect.Texts(ids) })).AsList();

    public static Task<CustomerRow?> Find(DbConnection db, string project, string idOrSourceId) => Find(db, project, idOrSourceId, null);

    /// <summary>The customer that a request names; the id counts before the source id.</summary>
    public static Task<CustomerRow?> Find(DbConnection db, string project, CustomerInput input) => Find(db, project, input.Id, input.SourceId);

    static async Task<CustomerRow?> Find(DbConnection db, string project, string? id, string? source) =>
        string.IsNullOrEmpty(id) && string.IsNullOrEmpty(source)
            ? null
            : await db.QueryFirstOrDefaultAsync<CustomerRow>(SelectNamed, new { project, id, source });

    /// <summary>Writes what <see cref="CustomerFlow.Upsert"/> decided; false when another writer was faster.</summary>
    public static async Task<bool> Write(DbConnection db, CustomerRow row) => await db.ExecuteAsync(row.IsNew ? Insert : Update, new
    {
        project = row.ProjectId,
        id = row.Id,
        source_id = row.SourceId,
        name = row.Name,
        email = row.Email,
        created_at = row.CreatedAt,
        updated_at = row.UpdatedAt,
        seen = row.ReplacesUpdatedAt,
        body = new Json(row.Body),
    }) == 1;

    /// <summary>Keeps other writers of the customer out until the transaction ends.</summary>
    public static Task Lock(DbConnection db, CustomerRow row) =>
        db.ExecuteAsync("UPDATE customers SET name = name WHERE project_id = @ProjectId AND id = @Id", new { row.ProjectId, row.Id });

    /// <summary>Adds the same write to a batch; a faster writer loses it with <see cref="Refusals.ConcurrentUpdate"/>.</summary>
    public static Batch Add(Batch batch, CustomerRow row) => row.IsNew
        ? batch.Guard(Refusals.ConcurrentUpdate, Insert, ("project", row.ProjectId), ("id", row.Id), ("source_id", Typed.Of(row.SourceId)),
            ("name", Typed.Of(row.Name)), ("email", Typed.Of(row.Email)), ("created_at", row.CreatedAt), ("body", new Json(row.Body)))
            .At(Rank.NewCustomer, $"{row.ProjectId} {row.SourceId}")
        : batch.Guard(Refusals.ConcurrentUpdate, Update, ("project", row.ProjectId), ("id", row.Id), ("name", Typed.Of(row.Name)),
            ("email", Typed.Of(row.Email)), ("updated_at", Typed.Of(row.UpdatedAt)), ("seen", Typed.Of(row.ReplacesUpdatedAt)), ("body", new Json(row.Body)))
            .At(Rank.Customer, row.Id);

    /// <summary>Whether there is such a segment.</summary>
    public static Task<bool> HasSegment(DbConnection db, string project, string id) =>
        db.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM segments WHERE project_id = @project AND id = @id)", new { project, id });

    /// <summary>Deletes the profile, and leaves the vouchers it held without a holder. The history stays.</summary>
    public static async Task<long> Delete(DbConnection db, string project, string id)
    {
        await db.ExecuteAsync("UPDATE vouchers SET holder_id = NULL WHERE project_id = @project AND holder_id = @id", new { project, id });
        await db.ExecuteAsync("DELETE FROM segment_members WHERE project_id = @project AND customer_id = @id", new { project, id });
        await db.ExecuteAsync("DELETE FROM loyalty_tier_members WHERE project_id = @project AND customer_id = @id", new { project, id });
        return await db.ExecuteAsync("DELETE FROM customers WHERE project_id = @project AND id = @id", new { project, id });
    }
}
