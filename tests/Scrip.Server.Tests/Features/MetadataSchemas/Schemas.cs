using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.MetadataSchemas;

/// <summary>Metadata schemas in one line each.</summary>
public static class Schemas
{
    /// <summary>The project's schemas under the management API.</summary>
    public static string SchemasPath(this ApiClient scrip) => $"/management/v1/projects/{scrip.Project.Id}/metadata-schemas";

    /// <summary>Defines the metadata of a kind of objects; answers the schema's id.</summary>
    public static async Task<string> Schema(this ApiClient scrip, string kind, bool strict, params (string Key, object Definition)[] properties) =>
        (await scrip.AsManagement.Post(scrip.SchemasPath(), Body(kind, strict, properties))).Expect(200)["id"].Text;

    /// <summary>The body that makes a schema.</summary>
    public static object Body(string? kind, bool strict, params (string Key, object Definition)[] properties) => new
    {
        related_object = kind,
        allow_defined_only = strict,
        properties = properties.ToDictionary(one => one.Key, one => one.Definition),
    };

    /// <summary>A definition of one value.</summary>
    public static object A(string type, bool optional = true, object? eq = null, string? object_type = null, bool deleted = false) =>
        new { type, optional, array = false, eq, object_type, deleted };

    /// <summary>A definition of a list.</summary>
    public static object Many(string type) => new { type, optional = true, array = true };
}
