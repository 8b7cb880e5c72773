namespace Scrip.Engine;

/// <summary>
/// A "no" that is an ordinary outcome: an entry of <see cref="Refusals"/> with what this case adds to it.
/// </summary>
/// <param name="Code">The HTTP status the refusal has when it ends a request; validations carry it inside a 200.</param>
/// <param name="Key">The documented error key.</param>
/// <param name="Message">The documented sentence of the key.</param>
/// <param name="Details">What the caller has to mend, or which resource is meant.</param>
public sealed record Refusal(int Code, string Key, string Message, string? Details = null)
{
    /// <summary>The identifier of the resource the refusal is about.</summary>
    public string? ResourceId { get; init; }

    /// <summary>The kind of that resource in the API's words: <c>voucher</c>, <c>campaign</c>, …</summary>
    public string? ResourceType { get; init; }

    /// <summary>The kind of the resources that stand in the way; null when none do.</summary>
    public string? RelatedType { get; init; }

    /// <summary>The ids of the resources that stand in the way.</summary>
    public IReadOnlyList<string>? RelatedIds { get; init; }

    /// <summary>The text a validation rule shows to customers (<c>error.error.message</c>).</summary>
    public string? CustomerMessage { get; init; }

    /// <summary>The same refusal with a hint for this case.</summary>
    public Refusal With(string details) => this with { Details = details };

    /// <summary>The same refusal, naming the resource it is about.</summary>
    public Refusal About(string type, string id) => this with { ResourceType = type, ResourceId = id };
}
