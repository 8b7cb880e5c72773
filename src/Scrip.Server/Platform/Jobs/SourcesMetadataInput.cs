using System.Text.Json;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Platform.Jobs;

/// <summary>Objects, named by source ids, that get the same metadata.</summary>
public sealed record SourcesMetadataInput
{
    public string[]? SourceIds { get; init; }
    public JsonElement? Metadata { get; init; }

    /// <summary>The source ids of a request that says all it must.</summary>
    internal string[] Checked()
    {
        if (SourceIds is null) throw Checks.Wrong("source_ids", "is required");
        if (SourceIds.Any(string.IsNullOrEmpty)) throw Checks.Wrong("source_ids", "must hold texts that are not empty");
        return Metadata is { ValueKind: JsonValueKind.Object } ? SourceIds : throw Checks.Wrong("metadata", "must be object");
    }
}
