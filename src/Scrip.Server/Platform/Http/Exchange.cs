namespace Scrip.Server.Platform.Http;

/// <summary>One request on its way through the server, and what became of it. The outermost middleware makes it.</summary>
/// <param name="requestId">Names the request in answers and logs.</param>
/// <param name="startedAt">When it came, in Unix milliseconds; the id carries the same instant.</param>
/// <param name="timestamp">The same on the clock that durations are measured with.</param>
public sealed class Exchange(string requestId, long startedAt, long timestamp)
{
    static readonly object Key = new();

    /// <summary>Names the request in answers and logs.</summary>
    public string RequestId { get; } = requestId;

    /// <summary>When it came, in Unix milliseconds.</summary>
    public long StartedAt { get; } = startedAt;

    /// <summary>When it came, on the clock that durations are measured with.</summary>
    public long Timestamp { get; } = timestamp;

    /// <summary>Who calls and what; null for what is no operation.</summary>
    public Call? Call { get; set; }

    /// <summary>The body of the answer, when it is JSON.</summary>
    public byte[]? Answer { get; set; }

    /// <summary>The exchange of a request.</summary>
    public static Exchange Of(HttpContext http) => (Exchange)http.Items[Key]!;

    /// <summary>Ties it to its request.</summary>
    public void Begin(HttpContext http) => http.Items[Key] = this;
}
