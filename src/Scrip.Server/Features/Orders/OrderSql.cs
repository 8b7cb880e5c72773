using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Orders;

/// <summary>The statements about orders. An order is named by id or by <c>source_id</c>.</summary>
static class OrderSql
{
    public const string SelectNamed = "SELECT * FROM orders WHERE project_id = @project AND (id = @order OR source_id = @order) ORDER BY id = @order DESC LIMIT 1";

    /// <summary>The same for the hot path; read it with <see cref="Read"/>.</summary>
    public const string SelectHot = """
        SELECT project_id, id, source_id, status, customer_id, amount, total_amount, revision, created_at, updated_at, body
        FROM orders WHERE project_id = @project AND (id = @order OR source_id = @order) ORDER BY id = @order DESC LIMIT 1
        """;

    /// <summary>A row of <see cref="SelectHot"/>.</summary>
    public static OrderRow Read(Rows rows) => new()
    {
        ProjectId = rows.Text(0),
        Id = rows.Text(1),
        SourceId = rows.TextOrNull(2),
        Status = rows.Text(3),
        CustomerId = rows.TextOrNull(4),
        Amount = rows.NumberOrNull(5),
        TotalAmount = rows.NumberOrNull(6),
        Revision = rows.Number(7),
        CreatedAt = rows.Number(8),
        UpdatedAt = rows.NumberOrNull(9),
        Body = rows.Text(10),
    };

    public static Task<OrderRow?> Find(DbConnection db, string project, string order) =>
        db.QueryFirstOrDefaultAsync<OrderRow>(SelectNamed, new { project, order });

    /// <summary>Adds a new order; a taken <c>source_id</c> loses the batch.</summary>
    public static void Insert(Batch batch, string project, Order order, long now) => batch.Guard(Refusals.ConcurrentUpdate, """
        INSERT INTO orders (project_id, id, source_id, status, customer_id, amount, total_amount, created_at, body)
        VALUES (@project, @id, @source_id, @status, @customer_id, @amount, @total_amount, @now, @body)
        """, [.. Args(project, order), ("now", now)]).At(Rank.NewOrder, $"{project} {order.SourceId}");

    /// <summary>Replaces an order, unless it changed since it was read.</summary>
    public static void Update(Batch batch, string project, Order order, long revision, long now) => batch.Guard(Refusals.ConcurrentUpdate, """
        UPDATE orders SET source_id = @source_id, status = @status, customer_id = @customer_id, amount = @amount,
            total_amount = @total_amount, updated_at = @now, body = @body, revision = revision + 1
        WHERE project_id = @project AND id = @id AND revision = @revision
        """, [.. Args(project, order), ("revision", revision), ("now", now)]).At(Rank.Order, order.Id!);

    static (string, object?)[] Args(string project, Order order) =>
    [
        ("project", project), ("id", order.Id), ("source_id", Typed.Of(order.SourceId)), ("status", Typed.Of(order.Status)), ("customer_id", Typed.Of(order.CustomerId)),
        ("amount", Typed.Of(order.Amount)), ("total_amount", Typed.Of(order.TotalAmount)), ("body", new Utf8Text(Wire.Bytes(order))),
    ];
}
