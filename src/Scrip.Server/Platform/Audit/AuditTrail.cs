using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Platform.Audit;

/// <summary>
/// Takes calls on their way into the audit log. Noting one costs the caller a few allocations and never waits: when the
/// writer does not keep up, the oldest notes are dropped and counted.
/// </summary>
public sealed class AuditTrail : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Scrip.Audit";

    /// <summary>Notes that wait at most; with two bodies of 8 KiB each they take 32 MiB at worst.</summary>
    const int WaitingMax = 2048;

    const int TextMax = 2000;

    readonly Meter meter = new(MeterName);
    readonly Counter<long> written;
    readonly Counter<long> dropped;
    readonly Channel<ApiRequest> waiting;
    readonly bool isKept;

    /// <summary>An empty trail; it notes nothing when calls are not to be kept.</summary>
    public AuditTrail(Settings settings)
    {
        isKept = settings.AuditDays > 0;
        written = meter.CreateCounter<long>("scrip.audit.written", description: "Calls that were written to the audit log");
        dropped = meter.CreateCounter<long>("scrip.audit.dropped", description: "Calls that the audit log lacks, since more came than can be written");
        waiting = Channel.CreateBounded(
            new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, (ApiRequest _) => dropped.Add(1));
    }

    /// <summary>What waits.</summary>
    public ChannelReader<ApiRequest> Waiting => waiting.Reader;

    /// <summary>Notes an answered call of a project; one without a project is nobody's.</summary>
    public void Note(HttpContext http, Exchange exchange, long durationMs)
    {
        if (!isKept || exchange.Call is not { IsLogged: true } call) return;
        var project = call.ProjectId.Length > 0 ? call.ProjectId : call.Caller.Kind == KeyKind.Management ? http.Request.RouteValues["projectId"] as string : null;
        if (project is not { Length: > 0 and <= Checks.TextMax }) return;
        waiting.Writer.TryWrite(new ApiRequest
        {
            ProjectId = project,
            Id = exchange.RequestId,
            CreatedAt = exchange.StartedAt,
            Method = http.Request.Method,
            Path = Short(http.Request.Path.Value),
            Query = Short(http.Request.QueryString.Value),
            Operation = http.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName,
            Status = http.Response.StatusCode,
            DurationMs = durationMs,
            AppId = call.Caller.AppId,
            Channel = call.Source,
            Request = AuditBody.Of(call.RawBytes),
            Response = AuditBody.Of(exchange.Answer),
        });
    }

    /// <summary>Counts what was written.</summary>
    public void Written(int count) => written.Add(count);

    /// <summary>Counts what could not be written.</summary>
    public void Dropped(int count) => dropped.Add(count);

    static string Short(string? text) => text is null ? "" : text.Length <= TextMax ? text : text[..TextMax];

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();
}
