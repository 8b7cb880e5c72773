using Scrip.Engine;

namespace Scrip.Server.Platform;

/// <summary>Ends a request with an entry of the error catalogue. Nothing has been written when it is thrown.</summary>
public sealed class ApiFault(Refusal refusal) : Exception(refusal.Message)
{
    /// <summary>What the caller is told.</summary>
    public Refusal Refusal { get; } = refusal;
}
