using System.Text.Json;
using Dapper;
using Scrip.Engine;
using Scrip.Engine.Schemas;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Features.Products;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;

namespace Scrip.Server.Features.Orders;

/// <summary>
/// Imports of orders of the past: saved like other orders, with their customers, but without events,
/// except those of customers who enter or leave segments by them. One import of a project runs at a time. Products that a line wants to override are written along.
/// </summary>
static class OrderImports
{
    public const string Import = "ORDERS.IMPORT";

    const string Series = "orders";
    const int OrdersMax = 2000;

    public static void Map(Api v1) => v1.PostMany<OrderInput[], StartedAction>("/v1/orders/import", "import-orders", (orders, call) =>
    {
        if (orders.Length > OrdersMax) throw new ApiFault(Refusals.InvalidPayload.With($"The list must NOT have more than {OrdersMax} items"));
        for (var i = 0; i < orders.Length; i++)
            if (orders[i] is null) throw Checks.Wrong($"[{i}]", "must be object");
        return JobIntake.Items(call, Import, Series, call.RawBody.ToArray(), new RowsJob());
    });

    /// <summary>The steps by type.</summary>
    public static IEnumerable<KeyValuePair<string, JobStep>> Steps(Database database) => [RowSteps.Import(database, Import, "order", Rows)];

    static async Task Rows(PartWork work)
    {
        foreach (var (_, item) in work.Items())
        {
            var input = item.Deserialize(Wire.Info<OrderInput>())!;
            // Of an order that fails nothing stays, neither its products nor its customers.
            await work.Db.ExecuteAsync("SAVEPOINT imported");
            try
            {
                await Save(work, input, name => item.TryGetProperty(name, out _));
                work.Tally.Done++;
            }
            catch (Exception fault) when (fault is ApiFault || work.Database.IsDuplicate(fault))
            {
                await work.Db.ExecuteAsync("ROLLBACK TO SAVEPOINT imported");
                var reason = fault is ApiFault known ? RowTally.Reason(known.Refusal) : "An id or source_id in the order is taken by something else";
                work.Tally.Fail(new RowFault { SourceId = input.SourceId, Reason = reason });
            }
            await work.Db.ExecuteAsync("RELEASE SAVEPOINT imported");
        }
    }

    static async Task Save(PartWork work, OrderInput input, Func<string, bool> sent)
    {
        OrderFlow.Check(input);
        var lines = Overridden(input);
        var schemas = lines.Count == 0 ? null : await MetadataSchemaSql.Load(work.Db, work.Project);
        foreach (var line in lines) await Override(work, line, schemas!);
        var facts = await OrderApi.Load(work.Db, work.Dialect, input, work.Project, work.Now, input.Id ?? input.SourceId);
        OrderApi.Hold(input, facts);
        var (batch, order) = OrderApi.Write(input, work.Project, work.Now, sent, facts);
        if (order.CustomerId is { } customer)
            batch.Tell(work.Project, ShortTypes.OrderImported, customer, new CustomerHappened(customer, facts.Customer.Happened?.IsNew == true), work.Now);
        await batch.Run(work.Db);
    }

    // Checked before anything is written.
    static List<OrderItemInput> Overridden(OrderInput input)
    {
        var lines = (input.Items ?? []).Where(line => line is not null && (line.Product?.Override == true || line.Sku?.Override == true)).ToList();
        foreach (var line in lines)
        {
            if (line.Product is { Override: true } product) ProductApi.Check(ProductOf(line, product));
            if (line.Sku is { Override: true } sku) SkuApi.Check(SkuOf(line, sku));
        }
        return lines;
    }

    static async Task Override(PartWork work, OrderItemInput line, SchemaSet schemas)
    {
        ProductRow? product = null;
        if (line.Product is { Override: true } sent && ProductOf(line, sent) is { SourceId: { Length: > 0 } source } input)
        {
            product = await ProductSql.Find(work.Db, work.Project, source);
            SchemaCheck.Hold(schemas, SchemaKinds.Product, input.Metadata, isNew: product is null);
            if (product is null) await ProductSql.Insert(work.Db, product = ProductApi.Merge(NewRow(work, "prod_"), input, _ => true, work.Now, isNew: true));
            else await ProductSql.Update(work.Db, ProductApi.Merge(product, input, name => Has(name, input.Name, input.Price), work.Now));
        }
        if (line.Sku is not { Override: true } variant || SkuOf(line, variant) is not { SourceId: { Length: > 0 } name } sku) return;
        SchemaCheck.Hold(schemas, SchemaKinds.Product, sku.Metadata, isNew: false);
        if (await ProductSql.FindSku(work.Db, work.Project, name) is { } known)
            await ProductSql.UpdateSku(work.Db, SkuApi.Merge(known, sku, field => Has(field, sku.Sku, sku.Price, "sku"), work.Now));
        else if ((product ?? (line.Product?.SourceId is { } of ? await ProductSql.Find(work.Db, work.Project, of) : null)) is { } owner)
            await ProductSql.InsertSku(work.Db, SkuApi.Merge(NewRow(work, "sku_", owner.Id), sku, _ => true, work.Now, isNew: true));
    }

    static bool Has(string field, string? name, long? price, string nameField = "name") => (field == nameField && name is not null) || (field == "price" && price is not null);

    static ProductRow NewRow(PartWork work, string prefix, string? product = null) =>
        new() { ProjectId = work.Project, Id = Ids.New(prefix, work.Now), ProductId = product, CreatedAt = work.Now };

    // A line of a SKU names the product inside; any other line is the product's itself.
    static ProductInput ProductOf(OrderItemInput line, OrderProduct product) => new()
    {
        SourceId = product.SourceId ?? (line.RelatedObject == "sku" || line.Sku is not null ? null : line.SourceId),
        Name = product.Name,
        Price = product.Price,
        Metadata = product.Metadata,
    };

    static SkuInput SkuOf(OrderItemInput line, OrderSku sku) => new() { SourceId = sku.SourceId ?? line.SourceId, Sku = sku.Name, Price = sku.Price, Metadata = sku.Metadata };
}
