using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Platform.Data;

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
    public string Body { get; init; } = "{}";

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
        ? batch.Guard(Refusals.ConcurrentUpdate, Insert, ("project", row.ProjectId), ("id", row.Id), ("source_id", row.SourceId),
            ("name", row.Name), ("email", row.Email), ("created_at", row.CreatedAt), ("body", new Json(row.Body)))
        : batch.Guard(Refusals.ConcurrentUpdate, Update, ("project", row.ProjectId), ("id", row.Id), ("name", row.Name),
            ("email", row.Email), ("updated_at", row.UpdatedAt), ("seen", row.ReplacesUpdatedAt), ("body", new Json(row.Body)));

    /// <summary>Deletes the profile, and leaves the vouchers it held without a holder. The history stays.</summary>
    public static async Task<long> Delete(DbConnection db, string project, string id)
    {
        await db.ExecuteAsync("UPDATE vouchers SET holder_id = NULL WHERE project_id = @project AND holder_id = @id", new { project, id });
        return await db.ExecuteAsync("DELETE FROM customers WHERE project_id = @project AND id = @id", new { project, id });
    }
}
