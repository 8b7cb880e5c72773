namespace Scrip.Server.Platform.Audit;

/// <summary>A call as it came and was answered, on its way into the audit log. Its bodies are not redacted yet.</summary>
public sealed record ApiRequest
{
    /// <summary>The most of each body that is kept, in bytes.</summary>
    public const int BodyMax = 8 * 1024;

    /// <summary>Whose it is.</summary>
    public required string ProjectId { get; init; }

    /// <summary>The request's id.</summary>
    public required string Id { get; init; }

    /// <summary>When it came, in Unix milliseconds; the same instant as in its id.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The path, decoded.</summary>
    public required string Path { get; init; }

    /// <summary>The query with its question mark; empty when there was none.</summary>
    public required string Query { get; init; }

    /// <summary>The operation's id.</summary>
    public required string? Operation { get; init; }

    /// <summary>The HTTP status of the answer.</summary>
    public required int Status { get; init; }

    /// <summary>Milliseconds from its coming to its answer.</summary>
    public required long DurationMs { get; init; }

    /// <summary>The public id of the key.</summary>
    public required string AppId { get; init; }

    /// <summary>What the caller said it is.</summary>
    public required string Channel { get; init; }

    /// <summary>The body, or its start.</summary>
    public required AuditBody Request { get; init; }

    /// <summary>The answer's body, or its start.</summary>
    public required AuditBody Response { get; init; }
}

/// <summary>A body, or the start of a long one.</summary>
/// <param name="Kept">At most <see cref="ApiRequest.BodyMax"/> bytes.</param>
/// <param name="Length">How many there were.</param>
public readonly record struct AuditBody(byte[] Kept, int Length)
{
    /// <summary>True when the end is missing.</summary>
    public bool IsCut => Kept.Length < Length;

    /// <summary>Keeps the array itself when it is short, so that nothing is copied.</summary>
    public static AuditBody Of(byte[]? bytes) => bytes is null
        ? new([], 0)
        : new(bytes.Length <= ApiRequest.BodyMax ? bytes : bytes.AsSpan(0, ApiRequest.BodyMax).ToArray(), bytes.Length);
}
