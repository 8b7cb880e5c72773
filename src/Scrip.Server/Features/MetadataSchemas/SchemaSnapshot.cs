using Scrip.Engine.Schemas;

namespace Scrip.Server.Features.MetadataSchemas;

/// <summary>A metadata schema as a project's snapshot keeps it, bound once.</summary>
/// <param name="Kind">What it describes.</param>
/// <param name="Schema">What is in force.</param>
public sealed record SchemaSnapshot(string Kind, MetadataSchema Schema)
{
    /// <summary>From its row.</summary>
    internal static SchemaSnapshot Of(SchemaRow row) => new(row.RelatedObject, SchemaTerms.Bind(row));

    /// <summary>All of a project's, to hold metadata against.</summary>
    public static SchemaSet Set(IReadOnlyDictionary<string, SchemaSnapshot> byId) => byId.Count == 0
        ? SchemaSet.None
        : new(byId.Values.ToDictionary(one => one.Kind, one => one.Schema, StringComparer.Ordinal));
}
