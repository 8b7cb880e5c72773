using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Products;
using Scrip.Server.Features.Projects;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features;

/// <summary>
/// Every type that crosses the wire or lies in a <c>body</c> column, serialized by generated code.
/// A list needs its line here and its converter in <see cref="Converters"/>.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(JobFault))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(ProjectInput))]
[JsonSerializable(typeof(ProjectBody))]
[JsonSerializable(typeof(Project))]
[JsonSerializable(typeof(Project[]))]
[JsonSerializable(typeof(ProductInput))]
[JsonSerializable(typeof(ProductBody))]
[JsonSerializable(typeof(Product))]
[JsonSerializable(typeof(ListOf<Product>))]
[JsonSerializable(typeof(SkuInput))]
[JsonSerializable(typeof(Sku))]
[JsonSerializable(typeof(ListOf<Sku>))]
[JsonSerializable(typeof(CustomerInput))]
[JsonSerializable(typeof(CustomerBody))]
[JsonSerializable(typeof(CustomerShort))]
[JsonSerializable(typeof(Customer))]
[JsonSerializable(typeof(ListOf<Customer>))]
[JsonSerializable(typeof(PermanentDeletion))]
public sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>The converters of the lists above.</summary>
    public static JsonConverter[] Converters =>
    [
        new ListOfConverter<Product>(),
        new ListOfConverter<Sku>(),
        new ListOfConverter<Customer>(),
    ];
}
