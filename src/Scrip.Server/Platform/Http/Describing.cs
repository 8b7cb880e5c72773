using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Scrip.Server.Platform.Http;

/// <summary>What the generated OpenAPI document cannot see by itself: keys, path and list parameters, errors.</summary>
static class Describing
{
    static readonly (string Name, JsonSchemaType Type, string Text)[] ListParameters =
    [
        ("limit", JsonSchemaType.Integer, "Objects on a page, 1 to 100."),
        ("page", JsonSchemaType.Integer, "The page, from 1."),
        ("order", JsonSchemaType.String, "The field to order by; a leading minus means descending."),
        ("filters", JsonSchemaType.String, "Conditions such as filters[code][conditions][$is]=A."),
    ];

    static readonly Dictionary<KeyKind, string[]> KeyHeaders = new()
    {
        [KeyKind.Server] = ["X-App-Id", "X-App-Token"],
        [KeyKind.Client] = ["X-Client-Application-Id", "X-Client-Token"],
        [KeyKind.Management] = ["X-Management-Id", "X-Management-Token"],
    };

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Scrip",
                Version = "v2018-08-01",
                Description = "A promotion and loyalty engine that speaks the public Voucherify API. Not affiliated with Voucherify.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            foreach (var header in KeyHeaders.Values.SelectMany(names => names))
                document.Components.SecuritySchemes[header] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = header };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, stop) =>
        {
            Describe(operation, context);
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<TakesBody>().FirstOrDefault() is not { } body) return;
            var schema = await context.GetOrCreateSchemaAsync(body.Type, null, stop);
            operation.RequestBody = new OpenApiRequestBody
            {
                Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } },
            };
        });
    }

    static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Parameters ??= [];
        foreach (var segment in (context.Description.RelativePath ?? "").Split('/').Where(part => part.StartsWith('{')))
        {
            var name = segment.Trim('{', '}');
            if (operation.Parameters.All(parameter => parameter.Name != name))
                operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
        }
        if (metadata.OfType<TakesListParameters>().Any())
            foreach (var (name, type, text) in ListParameters)
                operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Query, Description = text, Schema = new OpenApiSchema { Type = type } });
        if (metadata.OfType<NeedsKey>().FirstOrDefault() is { } key && KeyHeaders.TryGetValue(key.Kind, out var headers))
        {
            var requirement = new OpenApiSecurityRequirement();
            foreach (var header in headers) requirement[new OpenApiSecuritySchemeReference(header, context.Document)] = [];
            operation.Security = [requirement];
        }
    }
}
