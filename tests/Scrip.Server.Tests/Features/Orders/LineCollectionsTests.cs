using System.Text.Json;
using Scrip.Engine.Carts;
using Scrip.Server.Features;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.ProductCollections;
using Scrip.Server.Features.Products;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Tests.Features.Orders;

/// <summary>Which collections the lines of a cart are in, from the rows that a validation or redemption loads.</summary>
public sealed class LineCollectionsTests
{
    private const long Now = 1_700_000_000_000;

    private static readonly IReadOnlyDictionary<string, CollectionSnapshot> Collections;

    static LineCollectionsTests()
    {
        Wire.Use(WireJson.Default, WireJson.Converters);
        Collections = new[]
        {
            Row("pc_red", """{"filter":{"junction":"and","metadata.color":{"conditions":{"$is":["red"]}}}}"""),
            Row("pc_dear", """{"filter":{"junction":"and","price":{"conditions":{"$more_than":[1000]}}}}"""),
            Row("pc_all", """{"filter":{"junction":"and"}}"""),
            Row("pc_listed", """{"products":[{"id":"prod_1","object":"product"},{"id":"sku_9","object":"sku","product_id":"prod_9"}]}"""),
        }.ToDictionary(row => row.Id, CollectionSnapshot.Of);
    }

    [Fact]
    public void A_product_is_in_as_long_as_its_stored_metadata_says_so()
    {
        In(new() { ProductId = "prod_1" }, Product("prod_1", 500, "red")).ShouldBe(["pc_all", "pc_listed", "pc_red"]);
        In(new() { ProductId = "prod_1" }, Product("prod_1", 500, "blue")).ShouldBe(["pc_all", "pc_listed"]);
        In(new() { ProductId = "prod_1" }, Product("prod_1", 1001, "blue")).ShouldBe(["pc_all", "pc_dear", "pc_listed"]);
    }

    [Fact]
    public void What_a_caller_says_of_a_stored_product_moves_it_nowhere() =>
        In(new() { ProductId = "prod_1", Price = 9000, Product = new() { Metadata = Json("""{"color":"red"}"""), Price = 9000 } }, Product("prod_1", 500, "blue"))
            .ShouldBe(["pc_all", "pc_listed"]);

    [Fact]
    public void A_sku_is_judged_by_itself_and_listed_with_its_product()
    {
        In(new() { SkuId = "sku_1" }, Product("prod_1", 500, "red"), Sku("sku_1", "prod_1", 2000, "blue")).ShouldBe(["pc_all", "pc_dear", "pc_listed"]);
        In(new() { ProductId = "prod_2", SkuId = "sku_2" }, Product("prod_2", 5000, "blue"), Sku("sku_2", "prod_2", 20, "red")).ShouldBe(["pc_all", "pc_red"]);
        In(new() { SkuId = "sku_9" }, Product("prod_9", 5, "blue"), Sku("sku_9", "prod_9", 5, "blue")).ShouldBe(["pc_all", "pc_listed"]);
        In(new() { ProductId = "prod_9" }, Product("prod_9", 5, "blue")).ShouldBe(["pc_all"]);
    }

    [Fact]
    public void What_is_not_stored_is_what_the_caller_says_and_is_in_no_static_collection()
    {
        In(new() { ProductId = "prod_1" }).ShouldBe(["pc_all"]);
        In(new() { ProductId = "prod_x", Product = new() { Metadata = Json("""{"color":"red"}"""), Price = 2000 } }).ShouldBe(["pc_all", "pc_dear", "pc_red"]);
        In(new() { SourceId = "x", RelatedObject = "sku", Price = 2000, Product = new() { Metadata = Json("""{"color":"red"}""") } }).ShouldBe(["pc_all", "pc_dear"]);
    }

    [Fact]
    public void Lines_of_a_continued_order_are_judged_by_the_products_of_today()
    {
        // What the order remembers lies in the tag; the row was loaded afresh.
        var line = new CartLine { ProductId = "prod_1", Tag = new LineTag(new OrderProduct { Id = "prod_1", Metadata = Json("""{"color":"red"}""") }, null, null) };
        var cart = Cart.Open([line]).Cart;
        LineCollections.Mark(cart, Collections, [LineFacts.Empty, new([Product("prod_1", 500, "blue")], [])], Now)!.Lines[0].Collections.Order()
            .ShouldBe(["pc_all", "pc_listed"]);
    }

    private static IEnumerable<string> In(OrderItemInput item, params ProductRow[] rows)
    {
        var facts = new LineFacts(rows.Where(row => row.ProductId is null), rows.Where(row => row.ProductId is not null));
        return LineCollections.Mark(Cart.Open(facts.Lines([item])).Cart, Collections, [facts], Now)!.Lines[0].Collections.Order();
    }

    private static ProductRow Product(string id, long price, string color) => new() { Id = id, Price = price, Body = $$$"""{"metadata":{"color":"{{{color}}}"}}""" };

    private static ProductRow Sku(string id, string product, long price, string color) =>
        new() { Id = id, ProductId = product, Price = price, Body = $$$"""{"metadata":{"color":"{{{color}}}"}}""" };

    private static CollectionRow Row(string id, string body) => new() { Id = id, Body = body };

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
