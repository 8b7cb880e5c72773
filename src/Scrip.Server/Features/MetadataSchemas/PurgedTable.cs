using System.Data.Common;
using System.Text.Json.Nodes;
using Dapper;
using Scrip.Server.Features.Projects;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.MetadataSchemas;

/// <summary>A table whose bodies hold metadata.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Touch">What else changes with a row, so that whoever has read it before writes nothing over the purge.</param>
sealed record PurgedTable(string Name, string Touch)
{
    const int RowsMax = 500;

    // Grows with every write, as the guard of customers wants it.
    const string Later = "updated_at = CASE WHEN updated_at >= @now THEN updated_at + 1 ELSE @now END";

    public static readonly PurgedTable Campaigns = new("campaigns", Later) { Config = ConfigKind.Campaign, Mine = body => !UsesVoucherSchema(body) };
    public static readonly PurgedTable VoucherCampaigns = Campaigns with { Mine = UsesVoucherSchema };
    public static readonly PurgedTable Tiers = new("promotion_tiers", Later) { Config = ConfigKind.Tier };
    public static readonly PurgedTable Customers = new("customers", Later);
    public static readonly PurgedTable Products = new("products", Later);
    public static readonly PurgedTable Skus = new("skus", Later);
    public static readonly PurgedTable Vouchers = new("vouchers", Later);
    public static readonly PurgedTable Orders = new("orders", "revision = revision + 1");
    public static readonly PurgedTable OrderItems = Orders with { Holders = body => body["items"] as JsonArray is { } items ? items.OfType<JsonObject>() : [] };

    /// <summary>The kind of configuration that nodes must read anew, when it is one.</summary>
    public string? Config { get; init; }

    /// <summary>Which rows have metadata of the schema.</summary>
    public Func<JsonObject, bool> Mine { get; init; } = _ => true;

    /// <summary>The objects inside a body that have the metadata.</summary>
    public Func<JsonObject, IEnumerable<JsonObject>> Holders { get; init; } = body => [body];

    static bool UsesVoucherSchema(JsonObject body) => body["use_voucher_metadata_schema"]?.GetValueKind() == System.Text.Json.JsonValueKind.True;

    /// <summary>How many rows there are.</summary>
    public Task<long> Count(DbConnection db, string project) =>
        db.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM {Name} WHERE project_id = @project", new { project });

    /// <summary>Takes the keys out of the rows after an id; the last id is null when no more rows follow.</summary>
    public async Task<(long Seen, long Changed, string? Last)> Purge(DbConnection db, Dialect dialect, string project, string[] keys, string after, long now)
    {
        var rows = (await db.QueryAsync<Row>($"""
            SELECT id, body FROM {Name} WHERE project_id = @project AND id > @after ORDER BY id LIMIT {RowsMax} {dialect.ForUpdate}
            """, new { project, after })).AsList();
        var changed = new List<string>();
        var bodies = new JsonArray();
        foreach (var row in rows)
        {
            if (Without(row.Body, keys) is not { } body) continue;
            changed.Add(row.Id);
            bodies.Add(new JsonArray(row.Id, body));
        }
        // One statement for all: one by one, each row is a round trip. Materialized, or SQLite looks at every pair of rows.
        if (changed.Count > 0)
            await db.ExecuteAsync($"""
                WITH purged AS MATERIALIZED (SELECT value->>0 AS id, value->1 AS body FROM {dialect.Items("@bodies")})
                UPDATE {Name} SET body = purged.body, {Touch} FROM purged
                WHERE {Name}.project_id = @project AND {Name}.id = purged.id
                """, new { project, bodies = new Json(bodies.ToJsonString(Wire.Options)), now });
        if (Config is not null && changed.Count > 0) await ProjectSql.Bump(db, project, Config, changed);
        return (rows.Count, changed.Count, rows.Count == RowsMax ? rows[^1].Id : null);
    }

    // The body without the keys; null when it has none of them.
    JsonObject? Without(string text, string[] keys)
    {
        if (JsonNode.Parse(text) is not JsonObject body || !Mine(body)) return null;
        var found = false;
        foreach (var holder in Holders(body))
            if (holder["metadata"] is JsonObject metadata)
                foreach (var key in keys) found |= metadata.Remove(key);
        return found ? body : null;
    }

    sealed class Row
    {
        public string Id { get; init; } = "";
        public string Body { get; init; } = "{}";
    }
}
