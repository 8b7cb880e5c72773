using System.Data.Common;
using System.Text.Json;
using Scrip.Engine;
using Scrip.Engine.Schemas;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.MetadataSchemas;

/// <summary>Refuses metadata that is not as the project's schemas want it. Whatever writes metadata asks here first.</summary>
static class SchemaCheck
{
    /// <summary>The same inside a write that has not loaded the schemas.</summary>
    public static async Task Hold(DbConnection db, string project, string kind, JsonElement? metadata, bool isNew, string[]? unset = null)
    {
        var schemas = await MetadataSchemaSql.Load(db, project);
        Hold(schemas, kind, metadata, isNew);
        if (unset is { Length: > 0 } && schemas.Required(kind, unset) is { } required)
            throw Checks.Wrong("unset_metadata_fields", $"must NOT name {required}, which the metadata schema requires");
    }

    /// <summary>What becomes of the metadata of a file's rows: typed, and held; null when nothing does.</summary>
    public static Func<JsonElement, JsonElement>? OfRows(SchemaSet schemas, string kind) => !schemas.Describes(kind) ? null : texts =>
    {
        var typed = schemas.Typed(kind, texts);
        Hold(schemas, kind, typed, isNew: false);
        return typed;
    };

    /// <summary>Holds metadata against the schema of what has it.</summary>
    /// <param name="schemas">The project's schemas.</param>
    /// <param name="kind">See <see cref="SchemaKinds"/>.</param>
    /// <param name="metadata">What was sent.</param>
    /// <param name="isNew">Whether it is all the metadata of a new object; otherwise what an update replaces.</param>
    /// <param name="at">Where the metadata lies in the request.</param>
    /// <exception cref="ApiFault">Something in it is not as it has to be.</exception>
    public static void Hold(SchemaSet schemas, string kind, JsonElement? metadata, bool isNew, string at = "metadata")
    {
        if (schemas.Refuse(kind, metadata, isNew) is { } fault)
            throw new ApiFault(Refusals.InvalidPayload.With($"Property .{at}.{fault.Path} {fault.What}"));
    }
}
