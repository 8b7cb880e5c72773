using System.Text.Json;
using System.Text.Json.Nodes;
using Scrip.Engine.Facts;
using Scrip.Server.Features.ProductCollections;

namespace Scrip.Server.Tests.Features.ProductCollections;

/// <summary>What SQL lists and what is judged in memory during a validation are the same, for any products and filters.</summary>
public sealed class MembershipTests(Servers servers)
{
    private const int ProductsMade = 40;
    private const int FiltersTried = 120;

    private static readonly string[] Texts = ["red", "Red", "dark red", "blue", "ünï", "Ünï", "100%", "a_b", "2024-05-01", "2026-01-01", "5", "true", "🙂", "\uFF5E"];
    private static readonly string[] MetadataNames = ["color", "size", "nested.deep", "dotted.name", "flag"];

    [Theory, OnBoth]
    public async Task Memory_and_sql_agree_about_every_item(Db db)
    {
        var scrip = await servers.Project(db);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await Furnish(scrip, random);
        var path = "/v1/product-collections/" + (await scrip.Post("/v1/product-collections", new { type = "AUTO_UPDATE", name = "tried", filter = new { junction = "and" } })).Expect(200)["id"].Text;
        var items = (await scrip.Get(path + "/products?limit=100")).Expect(200)["data"].Items.Select(Item).ToArray();
        items.Length.ShouldBeGreaterThan(ProductsMade);
        var hits = 0;
        for (var i = 0; i < FiltersTried; i++)
        {
            var filter = Filter(random).ToJsonString();
            (await scrip.Raw("PUT", path, $$"""{"filter":{{filter}}}""")).Expect(200);
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            var bound = CollectionFilter.Read(JsonDocument.Parse(filter).RootElement);
            var expected = items.Where(item => bound.Matches(item, now)).Select(item => item.Id!).Order(StringComparer.Ordinal);
            var listed = (await scrip.Get(path + "/products?limit=100")).Expect(200)["data"].Items.Select(one => one["id"].Text).Order(StringComparer.Ordinal).ToArray();
            string.Join(' ', listed).ShouldBe(string.Join(' ', expected), $"seed {seed}, filter {filter}");
            if (listed.Length > 0 && listed.Length < items.Length) hits++;
        }
        hits.ShouldBeGreaterThan(FiltersTried / 4, $"seed {seed}: the filters tell too little apart");
    }

    private static async Task Furnish(ApiClient scrip, Random random)
    {
        for (var i = 0; i < ProductsMade; i++)
        {
            var product = new JsonObject { ["source_id"] = $"p{i}", ["metadata"] = Metadata(random) };
            if (random.Next(4) > 0) product["name"] = Pick(random, Texts);
            if (random.Next(4) > 0) product["price"] = random.Next(10) * 100;
            if (random.Next(2) > 0) product["attributes"] = new JsonArray([.. Texts[..random.Next(3)].Select(text => (JsonNode)text)]);
            if (random.Next(3) > 0) product["image_url"] = "https://img.test/" + random.Next(3);
            (await scrip.Raw("POST", "/v1/products", product.ToJsonString())).Expect(200);
            if (random.Next(2) == 0) continue;
            var sku = new JsonObject { ["source_id"] = $"s{i}", ["sku"] = Pick(random, Texts), ["price"] = random.Next(10) * 100, ["metadata"] = Metadata(random) };
            if (random.Next(2) > 0) sku["attributes"] = new JsonObject { [Pick(random, Texts[..4])] = "x" };
            (await scrip.Raw("POST", $"/v1/products/p{i}/skus", sku.ToJsonString())).Expect(200);
        }
    }

    private static JsonObject Metadata(Random random)
    {
        var metadata = new JsonObject();
        foreach (var name in new[] { "color", "size", "dotted.name", "flag" })
            if (random.Next(3) > 0) metadata[name] = Value(random, 0);
        if (random.Next(2) > 0) metadata["nested"] = random.Next(4) == 0 ? Value(random, 1) : new JsonObject { ["deep"] = Value(random, 1) };
        if (random.Next(3) == 0) metadata["dotted"] = new JsonObject { ["name"] = Value(random, 1) };
        return metadata;
    }

    private static JsonNode? Value(Random random, int depth) => random.Next(10) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 or 3 => random.Next(-3, 8),
        4 => random.Next(50) / 4m,
        5 when depth < 2 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1))]),
        6 when depth < 2 => new JsonObject { ["inner"] = 1 },
        _ => Pick(random, Texts),
    };

    private static JsonObject Filter(Random random)
    {
        var filter = new JsonObject { ["junction"] = random.Next(3) == 0 ? "or" : "and" };
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var conditions = new JsonObject();
            var (field, one) = Condition(random);
            for (var j = random.Next(1, 3); j > 0; j--)
            {
                conditions[one.Op] = new JsonArray([.. one.Values.Select(value => value?.DeepClone())]);
                var next = Condition(random);
                if (next.Field == field) one = next.One;
            }
            filter[field] = new JsonObject { ["conditions"] = conditions };
        }
        return filter;
    }

    private static (string Field, (string Op, JsonNode?[] Values) One) Condition(Random random)
    {
        switch (random.Next(8))
        {
            case 0:
                var field = Pick(random, ["name", "source_id", "object", "image_url", "product_id", "id"]);
                string[] known = field switch { "object" => ["product", "sku"], "source_id" => ["p1", "p", "s", "3"], "image_url" => ["https://img.test/1", "2", "https"], _ => Texts };
                return (field, TextCondition(random, () => Pick(random, known)));
            case 1:
                return ("price", (Pick(random, ["$is", "$is_not", "$more_than", "$less_than", "$more_than_equal", "$less_than_equal", "$has_value", "$is_unknown"]), [random.Next(10) * 100]));
            case 2:
                return (Pick(random, ["created_at", "updated_at"]), random.Next(3) == 0
                    ? (Pick(random, ["$is_days_ago", "$more_than_ago", "$less_than_ago", "$is_days_in_future", "$more_than_future", "$less_than_future"]), [random.Next(3)])
                    : (Pick(random, ["$after", "$before", "$has_value", "$is_unknown"]), [Pick(random, ["2020-01-01", "2099-01-01T10:00:00Z"])]));
            case 3:
                return ("attributes", random.Next(2) == 0
                    ? (Pick(random, ["$count", "$count_less", "$count_more"]), [random.Next(3)])
                    : (Pick(random, ["$is", "$not_in", "$contains", "$not_contain", "$has_value", "$is_unknown"]), [Pick(random, Texts[..4])]));
        }
        var name = "metadata." + Pick(random, MetadataNames);
        return (name, random.Next(4) switch
        {
            0 => TextCondition(random, () => Pick(random, Texts)),
            1 => (Pick(random, ["$more_than", "$less_than", "$more_than_equal", "$less_than_equal"]), [random.Next(3) == 0 ? Pick(random, Texts) : random.Next(40) / 4m]),
            2 => (Pick(random, ["$count", "$count_less", "$count_more"]), [random.Next(3)]),
            _ => (Pick(random, ["$is", "$is_not", "$in", "$not_in"]), [random.Next(2) == 0 ? random.Next(-3, 8) : Pick(random, ["true", "false"]), Pick(random, Texts)]),
        });
    }

    private static (string Op, JsonNode?[] Values) TextCondition(Random random, Func<string> text) => (
        Pick(random, ["$is", "$is_not", "$in", "$not_in", "$contains", "$not_contain", "$starts_with", "$ends_with", "$has_value", "$is_unknown"]),
        [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => (JsonNode)text())]);

    private static T Pick<T>(Random random, T[] among) => among[random.Next(among.Length)];

    private static CatalogItem Item(Part shown)
    {
        var json = JsonDocument.Parse(shown.Node!.ToJsonString()).RootElement;
        var isSku = shown["object"] == "sku";
        return new CatalogItem
        {
            Id = shown["id"].Text,
            Object = shown["object"].Text,
            ProductId = isSku ? shown["product_id"].Text : null,
            SourceId = shown["source_id"].Text,
            Name = json.GetProperty(isSku ? "sku" : "name").GetString(),
            Price = json.GetProperty("price") is { ValueKind: JsonValueKind.Number } price ? price.GetInt64() : null,
            ImageUrl = json.GetProperty("image_url").GetString(),
            CreatedAt = json.GetProperty("created_at").GetDateTimeOffset().ToUnixTimeMilliseconds(),
            UpdatedAt = json.GetProperty("updated_at") is { ValueKind: JsonValueKind.String } updated ? updated.GetDateTimeOffset().ToUnixTimeMilliseconds() : null,
            Attributes = json.GetProperty("attributes") is { } attributes && attributes.ToString() is not "[]" and not "{}" ? attributes : null,
            Metadata = new Metadata(json.GetProperty("metadata")),
        };
    }
}
