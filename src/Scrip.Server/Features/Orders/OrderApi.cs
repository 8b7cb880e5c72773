using System.Data.Common;
using Scrip.Engine;
using Scrip.Engine.Carts;
using Scrip.Engine.Schemas;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Orders;

/// <summary>Orders. POST with a known id or <c>source_id</c> updates; redemptions write orders, too.</summary>
static class OrderApi
{
    const int AttemptsMax = 3;

    static readonly ListSpec Orders = new("orders", new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["updated_at"] = ("updated_at", ColumnKind.Moment),
        ["id"] = ("id", ColumnKind.Text),
        ["source_id"] = ("source_id", ColumnKind.Text),
        ["status"] = ("status", ColumnKind.Text),
        ["customer_id"] = ("customer_id", ColumnKind.Text),
        ["amount"] = ("amount", ColumnKind.Whole),
        ["total_amount"] = ("total_amount", ColumnKind.Whole),
    }, ["created_at", "updated_at", "amount", "total_amount", "status", "id"]);

    public static void Map(Api v1)
    {
        v1.List("/v1/orders", "list-orders", List);
        v1.Post<OrderInput, Order>("/v1/orders", "create-order", Create);
        v1.Get("/v1/orders/{orderId}", "get-order", Get);
        v1.Put<OrderInput, Order>("/v1/orders/{orderId}", "update-order", Update);
        OrderImports.Map(v1);
    }

    static async Task<ListOf<Order>> List(Call call)
    {
        var list = ListQuery.Read(call, Orders).WhereIs("customer_id", call.Query["customer"]);
        var (rows, total) = await call.Db.Read(db => list.RowsAndTotal<OrderRow>(db));
        return new("orders", rows.ConvertAll(row => Wire.Read<Order>(row.Body))) { Total = total };
    }

    static Task<Order> Get(Call call) => call.Db.Read(async db =>
    {
        var id = call.Route("orderId");
        var row = await OrderSql.Find(db, call.ProjectId, id) ?? throw new ApiFault(Refusals.Missing("order", id));
        return Wire.Read<Order>(row.Body);
    });

    static Task<Order> Create(OrderInput input, Call call) => Save(input, call, input.Id ?? input.SourceId, mustExist: false);

    static Task<Order> Update(OrderInput input, Call call) => Save(input, call, call.Route("orderId"), mustExist: true);

    static async Task<Order> Save(OrderInput input, Call call, string? named, bool mustExist)
    {
        OrderFlow.Check(input);
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            var facts = await call.Db.Read(db => Load(db, call.Db.Dialect, input, call.ProjectId, call.Now, named));
            if (facts.Order is null && mustExist) throw new ApiFault(Refusals.Missing("order", named!));
            Hold(input, facts);
            var (batch, order) = Write(input, call.ProjectId, call.Now, call.Sent, facts);
            if (Told(order, facts) is { } told) batch.Tell(call, ShortTypes.OrderSaved, order.CustomerId, told);
            if (await call.Commit(batch, order) is null) return order;
        }
        throw new ApiFault(Refusals.ConcurrentUpdate);
    }

    // What becomes of an order is told of its customer; of one without, nobody is told.
    static OrderTold? Told(Order order, SaveFacts facts)
    {
        CustomerHappened[] customers = [.. new[] { facts.Customer.Happened, facts.Referrer.Happened }.OfType<CustomerHappened>()];
        if (order.CustomerId is null && customers.Length == 0) return null;
        return new(order, new(order.Id!, facts.Order is null, facts.Order?.Status == order.Status ? null : order.Status), customers);
    }

    /// <summary>The order as it will be, and what writes it with its customers.</summary>
    internal static (Batch Batch, Order Order) Write(OrderInput input, string project, long now, Func<string, bool> sent, SaveFacts facts)
    {
        var batch = new Batch();
        var order = Build(input, now, sent, facts);
        if (facts.Row is { } row) OrderSql.Update(batch, project, order, row.Revision, now);
        else OrderSql.Insert(batch, project, order, now);
        foreach (var customer in new[] { facts.Customer, facts.Referrer })
            if (customer.Write is { } write) CustomerSql.Add(batch, write);
        return (batch, order);
    }

    /// <summary>Gathers what saving an order needs.</summary>
    internal static async Task<SaveFacts> Load(DbConnection db, Dialect dialect, OrderInput input, string project, long now, string? named)
    {
        var row = named is null ? null : await OrderSql.Find(db, project, named);
        var lines = await LineFacts.Load(db, dialect, project, LineFacts.Names(input.Items));
        return new SaveFacts(row, row is null ? null : Wire.Read<Order>(row.Body), lines,
            await InlineCustomer.Load(db, project, input.Customer ?? Named(input.CustomerId), now),
            await InlineCustomer.Load(db, project, input.Referrer ?? Named(input.ReferrerId), now),
            await MetadataSchemaSql.Load(db, project));
    }

    /// <summary>Refuses metadata that the order could not be written with.</summary>
    internal static void Hold(OrderInput input, SaveFacts facts)
    {
        OrderFlow.Hold(facts.Schemas, input, facts.Order is null, at: "");
        facts.Customer.Hold(facts.Schemas, input.Customer, "customer");
        facts.Referrer.Hold(facts.Schemas, input.Referrer, "referrer");
    }

    static CustomerInput? Named(string? id) => string.IsNullOrEmpty(id) ? null : new CustomerInput { Id = id };

    static Order Build(OrderInput input, long now, Func<string, bool> sent, SaveFacts facts)
    {
        var stored = facts.Order;
        var customer = facts.Customer.Id ?? stored?.CustomerId;
        var referrer = facts.Referrer.Id ?? stored?.ReferrerId;
        var frame = new Order
        {
            Id = stored?.Id ?? input.Id ?? Ids.New("ord_", now),
            SourceId = sent("source_id") && input.SourceId is not null ? input.SourceId : stored?.SourceId,
            CreatedAt = stored?.CreatedAt ?? new Moment(now),
            UpdatedAt = stored is null ? null : new Moment(now),
            Status = input.Status ?? stored?.Status ?? "CREATED",
            Metadata = OrderFlow.MergedMetadata(stored, input),
            Customer = customer is null ? null : new ObjectRef(customer, "customer"),
            CustomerId = customer,
            Referrer = referrer is null ? null : new ObjectRef(referrer, "customer"),
            ReferrerId = referrer,
            Redemptions = stored?.Redemptions,
        };
        return OrderFlow.Show(CartOf(input, facts), frame);
    }

    // Unlike a validation, an order's own record keeps the discounts that the caller reports.
    static Cart CartOf(OrderInput input, SaveFacts facts)
    {
        if (facts.Order is { } stored && input.Items is null && input.Amount is null && input.DiscountAmount is null)
        {
            var cart = OrderFlow.Continue(stored);
            return cart.Since(cart);
        }
        var lines = input.Items is null && facts.Order is { } kept
            ? [.. OrderFlow.Continue(kept).Lines]
            : facts.Lines.Lines(input.Items);
        for (var i = 0; input.Items is { } items && i < items.Length; i++)
            lines[i] = lines[i] with { DiscountAmount = items[i].DiscountAmount ?? 0 };
        var opening = Cart.Open(lines, input.Amount ?? (input.Items is null ? facts.Order?.Amount : null), input.DiscountAmount ?? facts.Order?.DiscountAmount ?? 0);
        return opening.Cart ?? throw new ApiFault(opening.Refusal!);
    }

    /// <summary>What saving an order goes by.</summary>
    internal sealed record SaveFacts(OrderRow? Row, Order? Order, LineFacts Lines, InlineCustomer Customer, InlineCustomer Referrer, SchemaSet Schemas);
}
