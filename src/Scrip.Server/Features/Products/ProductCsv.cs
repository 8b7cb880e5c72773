using System.Text.Json;
using Scrip.Server.Platform.Csv;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Products;

/// <summary>Reads rows of a CSV file as products. Prices are major units, as the import template has them.</summary>
sealed class ProductCsv
{
    static readonly CsvColumns Columns = new(["name"], ["source_id"], ["price"], ["attributes"], ["image_url"]);

    readonly CsvBinding binding;
    readonly CsvMetadata metadata;

    /// <exception cref="Platform.ApiFault">The file has no names.</exception>
    /// <summary>What becomes of the texts of metadata.</summary>
    public Func<System.Text.Json.JsonElement, System.Text.Json.JsonElement>? Typed { init => metadata.Typed = value; }

    public ProductCsv(CsvFile file)
    {
        binding = Columns.Bind(file, "name");
        metadata = new CsvMetadata(binding);
    }

    /// <summary>The source id of a row; null when it has none.</summary>
    public string? SourceOf(CsvRow row) => row.Fields.Length == binding.Count ? binding.Of(row, "source_id") : null;

    /// <summary>What must not be there twice at once.</summary>
    public string KeyOf(CsvRow row) => SourceOf(row) ?? $"\n{row.Number}";

    /// <summary>The product of a row.</summary>
    public ProductInput Product(CsvRow row)
    {
        row = binding.Checked(row);
        return new ProductInput
        {
            Name = binding.Of(row, "name") ?? throw CsvValue.Wrong("name is required"),
            SourceId = binding.Of(row, "source_id"),
            Price = CsvValue.Price(binding.Of(row, "price"), "price"),
            Attributes = binding.Of(row, "attributes")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            ImageUrl = binding.Of(row, "image_url"),
            Metadata = metadata.Read(row),
        };
    }
}

/// <summary>Reads rows of a CSV file as SKUs.</summary>
sealed class SkuCsv
{
    static readonly CsvColumns Columns = new(["product_id"], ["sku"], ["source_id"], ["price"], ["image_url"], ["attributes"]);

    readonly CsvBinding binding;
    readonly CsvMetadata metadata;

    /// <exception cref="Platform.ApiFault">The file has no source ids or no products.</exception>
    /// <summary>What becomes of the texts of metadata.</summary>
    public Func<System.Text.Json.JsonElement, System.Text.Json.JsonElement>? Typed { init => metadata.Typed = value; }

    public SkuCsv(CsvFile file)
    {
        Columns.Bind(file, "source_id");
        binding = Columns.Bind(file, "product_id");
        metadata = new CsvMetadata(binding);
    }

    /// <summary>The source id of a row; null when it has none.</summary>
    public string? SourceOf(CsvRow row) => row.Fields.Length == binding.Count ? binding.Of(row, "source_id") : null;

    /// <summary>The product of a row, by id or source id.</summary>
    public string? ProductOf(CsvRow row) => row.Fields.Length == binding.Count ? binding.Of(row, "product_id") : null;

    /// <summary>What must not be there twice at once.</summary>
    public string KeyOf(CsvRow row) => SourceOf(row) ?? $"\n{row.Number}";

    /// <summary>True for a field of a known SKU that the file changes.</summary>
    public bool Changes(string field) => field is "sku" or "price" && binding.Has(field);

    /// <summary>The SKU of a row.</summary>
    public SkuInput Sku(CsvRow row)
    {
        row = binding.Checked(row);
        return new SkuInput
        {
            SourceId = binding.Of(row, "source_id") ?? throw CsvValue.Wrong("source_id is required"),
            Sku = binding.Of(row, "sku"),
            Price = CsvValue.Price(binding.Of(row, "price"), "price"),
            ImageUrl = binding.Of(row, "image_url"),
            Attributes = Attributes(binding.Of(row, "attributes")),
            Metadata = metadata.Read(row),
        };
    }

    /// <summary>Refuses attributes that the product does not have.</summary>
    public static void HoldAttributes(SkuInput sku, ProductRow product)
    {
        if (sku.Attributes is not { } attributes) return;
        var known = Wire.Read<ProductBody>(product.Body).Attributes is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(item => item.GetString()).ToHashSet() : [];
        foreach (var attribute in attributes.EnumerateObject())
            if (!known.Contains(attribute.Name)) throw CsvValue.Wrong($"attributes: the product has no attribute {attribute.Name}");
    }

    // The template writes JSON with single quotes.
    static JsonElement? Attributes(string? text)
    {
        if (text is null) return null;
        foreach (var json in new[] { text, text.Replace('\'', '"') })
        {
            try
            {
                var read = Wire.Read<JsonElement>(json);
                if (read.ValueKind == JsonValueKind.Object) return read;
            }
            catch (JsonException)
            {
                // Perhaps in the other spelling.
            }
        }
        throw CsvValue.Wrong("attributes must be a JSON object such as {'color':'blue'}");
    }
}
