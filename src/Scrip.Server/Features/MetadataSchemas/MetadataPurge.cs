using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Features.Projects;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;

namespace Scrip.Server.Features.MetadataSchemas;

/// <summary>
/// Takes removed keys out of the metadata of every object that has them, and then out of the schema, so that they make
/// room for others. Objects go by their ids, some at a time, so that a purge that was cut off goes on where it was.
/// </summary>
static class MetadataPurge
{
    const int KeysMax = 100;
    const int SomeNamed = 20;

    /// <summary>The type of the action for each kind of objects, and the tables where they lie.</summary>
    static readonly Dictionary<string, (string Type, PurgedTable[] Tables)> Kinds = new(StringComparer.Ordinal)
    {
        [SchemaKinds.Campaign] = ("CAMPAIGNS.METADATA_KEY_PURGE", [PurgedTable.Campaigns]),
        [SchemaKinds.PromotionTier] = ("CAMPAIGNS.METADATA_KEY_PURGE", [PurgedTable.Tiers]),
        [SchemaKinds.Customer] = ("CUSTOMERS.METADATA_KEY_PURGE", [PurgedTable.Customers]),
        [SchemaKinds.Product] = ("PRODUCTS.METADATA_KEY_PURGE", [PurgedTable.Products, PurgedTable.Skus]),
        [SchemaKinds.Voucher] = ("VOUCHERS.METADATA_KEY_PURGE", [PurgedTable.Vouchers, PurgedTable.VoucherCampaigns]),
        [SchemaKinds.Order] = ("ORDERS.METADATA_KEY_PURGE", [PurgedTable.Orders]),
        [SchemaKinds.OrderItem] = ("ORDERS.METADATA_KEY_PURGE", [PurgedTable.OrderItems]),
    };

    /// <summary>The steps by type.</summary>
    public static IEnumerable<KeyValuePair<string, JobStep>> Steps(Dialect dialect) => Kinds.Values.Select(kind => kind.Type).Distinct()
        .Select(type => new KeyValuePair<string, JobStep>(type, (db, job, now) => PurgeSome(dialect, db, job, now)));

    /// <summary>Begins the purge of removed keys inside a write; answers the id of the async action.</summary>
    /// <exception cref="ApiFault">A key is not removed, or objects of this kind cannot be purged.</exception>
    public static async Task<string> Start(DbConnection db, SchemaRow schema, string[]? keys, string requestId, long now)
    {
        if (!Kinds.TryGetValue(schema.RelatedObject, out var kind))
            throw new ApiFault(Refusals.InvalidPayload.With($"Metadata of {schema.RelatedObject} cannot be purged; that of these can: {string.Join(", ", Kinds.Keys)}"));
        if (keys is null or []) throw Checks.Wrong("", "should have required property 'keys'");
        if (keys.Length > KeysMax) throw Checks.Wrong("keys", $"must NOT have more than {KeysMax} items");
        var removed = schema.Properties.Where(pair => pair.Value.Deleted == true).Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);
        if (Array.Find(keys, key => key is null || !removed.Contains(key)) is { } wrong || Array.Exists(keys, key => key is null))
            throw Checks.Wrong("keys", $"must name removed definitions: {string.Join(", ", removed.Take(SomeNamed))}");
        var total = 0L;
        foreach (var table in kind.Tables) total += await table.Count(db, schema.ProjectId);
        var job = new PurgeJob { SchemaId = schema.Id, Kind = schema.RelatedObject, Keys = [.. keys.Distinct(StringComparer.Ordinal)], RequestId = requestId };
        return await JobQueue.Enqueue(db, schema.ProjectId, kind.Type, Wire.Text(job), total, now);
    }

    static async Task<Chunk> PurgeSome(Dialect dialect, DbConnection db, Job job, long now)
    {
        var work = Wire.Read<PurgeJob>(job.Parameters);
        var place = job.Place is { } text ? Wire.Read<PurgePlace>(text) : new();
        var tables = Kinds[work.Kind].Tables;
        if (place.Table < tables.Length)
        {
            var done = await tables[place.Table].Purge(db, dialect, job.ProjectId, work.Keys, place.Id, now);
            var after = done.Last is { } last ? place with { Id = last } : new PurgePlace { Table = place.Table + 1 };
            return Chunk.More(done.Seen, Wire.Text(after with { Changed = place.Changed + done.Changed }));
        }
        await Forget(db, job.ProjectId, work, now);
        return Chunk.Last(0, Wire.Text(new PurgeResult($"The keys {string.Join(", ", work.Keys.Take(SomeNamed))} were purged from {place.Changed} objects", place.Changed)));
    }

    // What was restored since is a definition again and stays.
    static async Task Forget(DbConnection db, string project, PurgeJob work, long now)
    {
        await ProjectSql.Bump(db, project, ConfigKind.MetadataSchema, work.SchemaId);
        if (await MetadataSchemaSql.Find(db, project, work.SchemaId) is not { } schema) return;
        var left = schema.Properties.Where(pair => pair.Value.Deleted != true || !work.Keys.Contains(pair.Key)).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        await MetadataSchemaSql.Update(db, MetadataSchemaSql.With(schema, left, schema.AllowDefinedOnly, now));
    }
}

/// <summary>Which removed definitions to purge.</summary>
public sealed record PurgeInput(string[]? Keys);

/// <summary>Where the work can be watched.</summary>
public sealed record PurgeStarted(string AsyncActionId);

/// <summary>What a purge works on.</summary>
public sealed record PurgeJob
{
    public required string SchemaId { get; init; }
    public required string Kind { get; init; }
    public required string[] Keys { get; init; }
    public string? RequestId { get; init; }
}

/// <summary>Where the next chunk of a purge begins.</summary>
public sealed record PurgePlace
{
    /// <summary>Which of the kind's tables.</summary>
    public int Table { get; init; }
    /// <summary>The last id that was looked at.</summary>
    public string Id { get; init; } = "";
    /// <summary>Objects that had one of the keys, so far.</summary>
    public long Changed { get; init; }
}

/// <summary>What a purge came to.</summary>
public sealed record PurgeResult(string Message, long DoneCount);
