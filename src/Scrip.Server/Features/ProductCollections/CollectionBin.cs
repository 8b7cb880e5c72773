using System.Data.Common;
using System.Text.Json;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.TrashBin;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.ProductCollections;

/// <summary>
/// Product collections in the bin. Unlike what else lies there, their names are free at once, so a restored one may
/// find its name taken.
/// </summary>
static class CollectionBin
{
    public const string Type = "products_collection";

    /// <summary>What the bin wants of collections.</summary>
    public static readonly BinKind Kind = new(Type, Restore, (_, _, _) => Task.CompletedTask);

    /// <summary>Puts a collection into the bin; part of the write that deletes it.</summary>
    public static Task Add(DbConnection db, CollectionRow row, long now) => BinSql.Add(db, row.ProjectId, Type, row.Id, row.Name, null, now,
        Wire.Text(new BinnedCollection { Type = row.Type, CreatedAt = row.CreatedAt, Body = Wire.Read<JsonElement>(row.Body) }));

    static async Task Restore(DbConnection db, Call call, BinRow entry)
    {
        var kept = Wire.Read<BinnedCollection>(entry.Body!);
        await ProjectSql.Bump(db, entry.ProjectId, ConfigKind.ProductCollection, entry.ResourceId);
        await CollectionApi.RefuseTooMany(db, entry.ProjectId);
        await CollectionSql.Insert(db, new CollectionRow
        {
            ProjectId = entry.ProjectId,
            Id = entry.ResourceId,
            Name = entry.ResourceName,
            Type = kept.Type,
            CreatedAt = kept.CreatedAt,
            Body = Wire.Text(kept.Body),
        });
    }
}

/// <summary>A deleted collection as the bin keeps it.</summary>
public sealed record BinnedCollection
{
    public required string Type { get; init; }
    public required long CreatedAt { get; init; }
    public required JsonElement Body { get; init; }
}
