using System.Data.Common;
using System.Text.Json;
using Scrip.Engine;
using Scrip.Server.Features.Products;
using Scrip.Server.Features.Projects;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.ProductCollections;

/// <summary>Product collections, which rules and discounts name. A static one keeps its list, an automatic one its filter.</summary>
static class CollectionApi
{
    const string Object = "products_collection";
    const string Static = "STATIC";
    const string Automatic = "AUTO_UPDATE";
    const int CollectionsMax = 100;
    const int ProductsMax = 20;

    static readonly ListSpec Collections = new("product_collections", new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["updated_at"] = ("updated_at", ColumnKind.Moment),
        ["type"] = ("type", ColumnKind.Text),
        ["name"] = ("name", ColumnKind.Text),
        ["id"] = ("id", ColumnKind.Text),
    }, ["created_at", "updated_at", "type", "name"]);

    public static void Map(Api v1, ResourceUse[] uses)
    {
        v1.List("/v1/product-collections", "list-product-collections", List);
        v1.Post<CollectionInput, ProductCollection>("/v1/product-collections", "create-product-collection", Create);
        v1.Get("/v1/product-collections/{productCollectionId}", "get-product-collection", call => call.Db.Read(async db => await Show(db, call, await Find(db, call))));
        v1.Put<CollectionInput, ProductCollection>("/v1/product-collections/{productCollectionId}", "put-product-collection", Update);
        v1.Delete("/v1/product-collections/{productCollectionId}", "delete-product-collection", call => Delete(call, uses));
        v1.List("/v1/product-collections/{productCollectionId}/products", "list-products-in-collection", CollectedProducts.List);
    }

    /// <summary>The collection that the path names.</summary>
    public static async Task<CollectionRow> Find(DbConnection db, Call call, string ending = "")
    {
        var id = call.Route("productCollectionId");
        return await CollectionSql.Find(db, call.ProjectId, id, ending) ?? throw new ApiFault(Refusals.Missing(Object, id));
    }

    static Task<ListOf<ProductCollection>> List(Call call) => call.Db.Read(async db =>
    {
        var (rows, total) = await ListQuery.Read(call, Collections).RowsAndTotal<CollectionRow>(db);
        return new ListOf<ProductCollection>("data", await Show(db, call, rows)) { Total = total };
    });

    static async Task<ProductCollection> Create(CollectionInput input, Call call)
    {
        var name = Checks.Text(input.Name?.Trim(), "name") ?? throw Lacks("name");
        var type = Checks.OneOf(input.Type ?? throw Lacks("type"), "type", Static, Automatic)!;
        var filter = type == Automatic ? Filter(input.Filter) : Unwanted(input.Filter is null, "filter", type, default(JsonElement?));
        if (type == Automatic) Unwanted(input.Products is null, "products", type, 0);
        return await Unique(name, call, async db =>
        {
            var id = Ids.New("pc_", call.Now);
            await ProjectSql.Bump(db, call.ProjectId, ConfigKind.ProductCollection, id);
            // The project's row is locked by now, so that collections are counted one after the other.
            await RefuseTooMany(db, call.ProjectId);
            var products = type == Static ? await Listed(db, call, input.Products ?? []) : null;
            var row = new CollectionRow
            {
                ProjectId = call.ProjectId,
                Id = id,
                Name = name,
                Type = type,
                CreatedAt = call.Now,
                Body = Wire.Text(new CollectionBody { Filter = filter, Products = products }),
            };
            await CollectionSql.Insert(db, row);
            return await Show(db, call, row);
        });
    }

    /// <summary>Refuses one more than a project may have; the project's row must be locked.</summary>
    public static async Task RefuseTooMany(DbConnection db, string project)
    {
        if (await CollectionSql.Count(db, project) >= CollectionsMax)
            throw new ApiFault(Refusals.InvalidPayload.With($"A project has at most {CollectionsMax} product collections"));
    }

    static async Task<ProductCollection> Update(CollectionInput input, Call call)
    {
        if (call.Sent("name") && string.IsNullOrWhiteSpace(input.Name)) throw Checks.Wrong("name", "must be string");
        var name = Checks.Text(input.Name?.Trim(), "name");
        return await Unique(name ?? "", call, async db =>
        {
            var row = await Find(db, call, call.Db.Dialect.ForUpdate);
            await ProjectSql.Bump(db, call.ProjectId, ConfigKind.ProductCollection, row.Id);
            var body = Wire.Read<CollectionBody>(row.Body);
            if (input.Type is not null && input.Type != row.Type) throw Checks.Wrong("type", "cannot be changed");
            Unwanted(input.Products is null, "products", row.Type, 0);
            if (row.Type == Static && name is null) throw Lacks("name");
            if (row.Type == Static) Unwanted(input.Filter is null, "filter", row.Type, 0);
            else if (call.Sent("filter")) body = body with { Filter = Filter(input.Filter) };
            var changed = new CollectionRow
            {
                ProjectId = row.ProjectId,
                Id = row.Id,
                Name = name ?? row.Name,
                Type = row.Type,
                CreatedAt = row.CreatedAt,
                UpdatedAt = call.Now,
                Body = Wire.Text(body),
            };
            await CollectionSql.Update(db, changed);
            return await Show(db, call, changed);
        });
    }

    static async Task Delete(Call call, ResourceUse[] uses) => await call.Commit(async db =>
    {
        var row = await Find(db, call, call.Db.Dialect.ForUpdate);
        await ProjectSql.Bump(db, call.ProjectId, ConfigKind.ProductCollection, row.Id);
        await ResourceUse.Refuse(uses, db, call.ProjectId, Object, row.Id);
        await CollectionSql.Delete(db, call.ProjectId, row.Id);
        await CollectionBin.Add(db, row, call.Now);
        return Nothing.Instance;
    });

    static async Task<ProductCollection> Unique(string name, Call call, Func<DbConnection, Task<ProductCollection>> write)
    {
        try
        {
            return await call.Commit(write);
        }
        catch (Exception fault) when (call.Db.IsDuplicate(fault))
        {
            throw new ApiFault(Refusals.Duplicate(Object, name, by: "name"));
        }
    }

    // Kept as it was sent, with its junction in the contract's letters.
    static JsonElement Filter(JsonElement? filter)
    {
        CollectionFilter.Read(filter ?? default);
        var junction = JsonSerializer.SerializeToElement(filter!.Value.GetProperty("junction").GetString()!.ToLowerInvariant(), Wire.Info<string>());
        var lower = JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement> { ["junction"] = junction }, Wire.Info<Dictionary<string, JsonElement>>());
        return Merging.Metadata(filter, lower)!.Value;
    }

    static async Task<CollectionItem[]> Listed(DbConnection db, Call call, CollectionItem[] sent)
    {
        if (sent.Length > ProductsMax) throw Checks.Wrong("products", $"must NOT have more than {ProductsMax} items");
        for (var i = 0; i < sent.Length; i++)
        {
            var item = sent[i] ?? throw Checks.Wrong($"products[{i}]", "must be object");
            if (string.IsNullOrEmpty(item.Id)) throw Checks.Wrong($"products[{i}]", "should have required property 'id'");
            Checks.OneOf(item.Object ?? throw Checks.Wrong($"products[{i}]", "should have required property 'object'"), $"products[{i}].object", "product", "sku");
        }
        var (products, skus) = await CollectionSql.Stored(db, call.Db.Dialect, call.ProjectId, [.. sent.Select(item => item.Id!).Distinct()]);
        return [.. sent.Select(item =>
        {
            var row = Named(item.Object == "sku" ? skus : products, item.Id!) ?? throw new ApiFault(Refusals.Missing(item.Object!, item.Id!));
            return new CollectionItem { Id = row.Id, ProductId = row.ProductId, Object = item.Object };
        }).DistinctBy(item => item.Id)];
    }

    static ProductRow? Named(List<ProductRow> rows, string name) => rows.Find(row => row.Id == name) ?? rows.Find(row => row.SourceId == name);

    static async Task<ProductCollection> Show(DbConnection db, Call call, CollectionRow row) => (await Show(db, call, [row]))[0];

    // What was deleted since a static collection was made has left it.
    static async Task<List<ProductCollection>> Show(DbConnection db, Call call, List<CollectionRow> rows)
    {
        var bodies = rows.ConvertAll(row => Wire.Read<CollectionBody>(row.Body));
        var ids = bodies.SelectMany(body => body.Products ?? []).Select(item => item.Id!).Distinct(StringComparer.Ordinal).ToArray();
        var (products, skus) = await CollectionSql.Stored(db, call.Db.Dialect, call.ProjectId, ids);
        var stored = products.Concat(skus).Select(row => row.Id).ToHashSet(StringComparer.Ordinal);
        return [.. rows.Zip(bodies, (row, body) => new ProductCollection
        {
            Id = row.Id,
            Name = row.Name,
            Type = row.Type,
            Filter = body.Filter,
            Products = body.Products is { } listed ? [.. listed.Where(item => stored.Contains(item.Id!))] : null,
            CreatedAt = new(row.CreatedAt),
            UpdatedAt = Moment.From(row.UpdatedAt),
        })];
    }

    static T? Unwanted<T>(bool isAbsent, string field, string type, T? otherwise) =>
        isAbsent ? otherwise : throw Checks.Wrong(field, $"cannot be sent: of a {type} collection only {(type == Static ? "the name changes" : "name and filter change")}");

    static ApiFault Lacks(string field) => new(Refusals.InvalidPayload.With($"Payload should have required property '{field}'"));
}
