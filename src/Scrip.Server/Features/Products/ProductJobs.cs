using System.Text.Json;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Csv;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;

namespace Scrip.Server.Features.Products;

/// <summary>
/// Imports and bulk updates of products and SKUs. A file changes the name of a product it knows, and name and price of
/// a SKU; a bulk update changes all that it says, and makes products that are not there.
/// </summary>
static class ProductJobs
{
    public const string BulkUpdate = "PRODUCTS.BULK_UPDATE";
    public const string MetadataUpdate = "PRODUCTS.METADATA_UPDATE";
    public const string ImportCsv = "PRODUCTS.IMPORT_CSV";
    public const string ImportSkus = "SKUS.IMPORT_CSV";

    /// <summary>Jobs that write the catalog run one after the other: SKUs need the products before them.</summary>
    public const string Series = "products";

    static readonly (string Name, bool IsJson)[] ProductColumns =
        [("project_id", false), ("id", false), ("source_id", false), ("name", false), ("price", false), ("created_at", false), ("body", true)];

    static readonly (string Name, bool IsJson)[] SkuColumns =
        [("project_id", false), ("id", false), ("product_id", false), ("source_id", false), ("sku", false), ("price", false), ("created_at", false), ("body", true)];

    /// <summary>The steps by type.</summary>
    public static IEnumerable<KeyValuePair<string, JobStep>> Steps(Database database) =>
    [
        RowSteps.Update(database, BulkUpdate, "source_id", work => Update(work, [.. work.Items().Select(one =>
            (one.Item.Deserialize(Wire.Info<ProductInput>())! with { Id = null }, new Func<string, bool>(name => one.Item.TryGetProperty(name, out _))))])),
        RowSteps.Update(database, MetadataUpdate, "source_id", work => Update(work, [.. work.Items().Select(one =>
            (new ProductInput { SourceId = one.Item.GetString(), Metadata = work.Work.Metadata }, new Func<string, bool>(name => name == "source_id")))])),
        RowSteps.Import(database, ImportCsv, "product", Products),
        RowSteps.Import(database, ImportSkus, "sku", Skus),
    ];

    static async Task Update(PartWork work, List<(ProductInput Input, Func<string, bool> Sent)> items)
    {
        var schemas = await MetadataSchemaSql.Load(work.Db, work.Project);
        foreach (var stretch in Stretches.Of(items, item => item.Input.SourceId!))
        {
            var known = await Known(work, "products", [.. stretch.Select(item => item.Input.SourceId!)]);
            var rows = new List<ProductRow>(stretch.Count);
            foreach (var (input, sent) in stretch)
            {
                var found = known.GetValueOrDefault(input.SourceId!);
                try
                {
                    RefuseBinned(found, "product");
                    ProductApi.Check(input);
                    SchemaCheck.Hold(schemas, SchemaKinds.Product, input.Metadata, isNew: found is null);
                    // Who was named by the id keeps the source id it has.
                    if (found is null) rows.Add(ProductApi.Merge(NewRow(work, "prod_"), input, sent, work.Now, isNew: true));
                    else await ProductSql.Update(work.Db, ProductApi.Merge(found, input with { SourceId = found.SourceId }, sent, work.Now));
                    work.Tally.Done++;
                    work.Tally.Tell(input.SourceId!, found is not null, isUpdated: true);
                }
                catch (ApiFault fault)
                {
                    work.Tally.Fail(new BulkFault { Message = fault.Refusal.Message, Details = RowTally.Reason(fault.Refusal), Key = fault.Refusal.Key, SourceId = input.SourceId });
                    work.Tally.Tell(input.SourceId!, found is not null, isUpdated: false, RowTally.Reason(fault.Refusal));
                }
            }
            await Insert(work, rows);
        }
    }

    static async Task Products(PartWork work)
    {
        var schemas = await MetadataSchemaSql.Load(work.Db, work.Project);
        var csv = new ProductCsv(work.Work.File!) { Typed = SchemaCheck.OfRows(schemas, SchemaKinds.Product) };
        foreach (var stretch in Stretches.Of(CsvRows.Read(work.Part, work.Work.File!), csv.KeyOf))
        {
            var known = await Known(work, "products", [.. stretch.Select(csv.SourceOf).OfType<string>()]);
            var rows = new List<ProductRow>(stretch.Count);
            foreach (var row in stretch)
            {
                try
                {
                    var input = csv.Product(row);
                    ProductApi.Check(input);
                    if (input.SourceId is not null && known.TryGetValue(input.SourceId, out var found))
                    {
                        RefuseBinned(found, "product");
                        await ProductSql.Update(work.Db, ProductApi.Merge(found, new ProductInput { Name = input.Name }, name => name == "name", work.Now));
                    }
                    else
                    {
                        SchemaCheck.Hold(schemas, SchemaKinds.Product, input.Metadata, isNew: true);
                        rows.Add(ProductApi.Merge(NewRow(work, "prod_"), input, _ => true, work.Now, isNew: true));
                    }
                    work.Tally.Done++;
                }
                catch (ApiFault fault)
                {
                    work.Tally.Fail(new RowFault { SourceId = csv.SourceOf(row) ?? "", Row = row.Number, Reason = RowTally.Reason(fault.Refusal) });
                }
            }
            await Insert(work, rows);
        }
    }

    static async Task Skus(PartWork work)
    {
        var csv = new SkuCsv(work.Work.File!) { Typed = SchemaCheck.OfRows(await MetadataSchemaSql.Load(work.Db, work.Project), SchemaKinds.Product) };
        foreach (var stretch in Stretches.Of(CsvRows.Read(work.Part, work.Work.File!), csv.KeyOf))
        {
            var products = await Known(work, "products", [.. stretch.Select(csv.ProductOf).OfType<string>().Distinct(StringComparer.Ordinal)]);
            var known = await Known(work, "skus", [.. stretch.Select(csv.SourceOf).OfType<string>()]);
            var rows = new List<ProductRow>(stretch.Count);
            foreach (var row in stretch)
            {
                try
                {
                    var input = csv.Sku(row);
                    SkuApi.Check(input);
                    var named = csv.ProductOf(row) ?? throw CsvValue.Wrong("product_id is required");
                    var product = products.GetValueOrDefault(named) is { DeletedAt: null } found ? found : throw new ApiFault(Refusals.Missing("product", named));
                    SkuCsv.HoldAttributes(input, product);
                    if (known.TryGetValue(input.SourceId!, out var sku))
                    {
                        RefuseBinned(sku, "sku");
                        if (sku.ProductId != product.Id) throw new ApiFault(Refusals.InUse("sku", input.SourceId!, "products", [sku.ProductId!]));
                        await ProductSql.UpdateSku(work.Db, SkuApi.Merge(sku, new SkuInput { Sku = input.Sku, Price = input.Price }, csv.Changes, work.Now));
                    }
                    else rows.Add(SkuApi.Merge(NewRow(work, "sku_", product.Id), input, _ => true, work.Now, isNew: true));
                    work.Tally.Done++;
                }
                catch (ApiFault fault)
                {
                    work.Tally.Fail(new RowFault { Row = row.Number, Reason = RowTally.Reason(fault.Refusal) });
                }
            }
            await work.Database.BulkInsert(work.Db, "skus", SkuColumns, rows.Select(row => new object?[]
                { row.ProjectId, row.Id, row.ProductId, row.SourceId, row.Sku, row.Price, row.CreatedAt, row.Body }));
        }
    }

    static Task Insert(PartWork work, List<ProductRow> rows) => work.Database.BulkInsert(work.Db, "products", ProductColumns, rows.Select(row => new object?[]
        { row.ProjectId, row.Id, row.SourceId, row.Name, row.Price, row.CreatedAt, row.Body }));

    static ProductRow NewRow(PartWork work, string prefix, string? productId = null) =>
        new() { ProjectId = work.Project, Id = Ids.New(prefix, work.Now), ProductId = productId, CreatedAt = work.Now };

    // Its identifiers stay taken while it lies there.
    static void RefuseBinned(ProductRow? row, string type)
    {
        if (row?.DeletedAt is not null) throw CsvValue.Wrong($"The source_id is taken by a {type} in the bin");
    }

    // By source id before id, those in the bin included, as they are until the write ends.
    static async Task<Dictionary<string, ProductRow>> Known(PartWork work, string table, string[] names)
    {
        var found = new Dictionary<string, ProductRow>(StringComparer.Ordinal);
        foreach (var column in new[] { "id", "source_id" })
        {
            var rows = await work.Db.QueryAsync<ProductRow>($"""
                SELECT * FROM {table} WHERE project_id = @Project AND {work.Dialect.Among(column, "@names")} ORDER BY id {work.Dialect.ForUpdate}
                """, new { work.Project, names = work.Dialect.Texts(names) });
            foreach (var row in rows) found[column == "id" ? row.Id : row.SourceId!] = row;
        }
        return found;
    }
}
