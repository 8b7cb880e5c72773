using Scrip.Engine;
using Scrip.Server.Platform.Audit;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Platform.Http;

/// <summary>
/// The outermost middleware: gives the request its id, turns faults into the documented error object, and
/// answers unknown paths and methods in the same form. A fault that is no <see cref="ApiFault"/> is our bug.
/// </summary>
public static partial class Faults
{
    const string RequestIdHeader = "X-Request-Id";

    // Pages of other makers, such as the API docs, tell "/docs" from "/docs/".
    static readonly string[] ApiRoots = ["v1/", "v2/", "client/", "management/"];

    /// <summary>The id the middleware gave the request.</summary>
    public static string RequestId(HttpContext http) => Exchange.Of(http).RequestId;

    /// <summary>Adds the middleware.</summary>
    public static void UseFaults(this WebApplication app)
    {
        var clock = app.Services.GetRequiredService<TimeProvider>();
        var limits = app.Services.GetRequiredService<RateLimits>();
        var trail = app.Services.GetRequiredService<AuditTrail>();
        var db = app.Services.GetRequiredService<Database>();
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Scrip.Http");
        app.Use(async (http, next) =>
        {
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            var exchange = new Exchange(Ids.New("req-", now), now, clock.GetTimestamp());
            await Run(http, next, exchange, limits, db, log);
            trail.Note(http, exchange, (long)clock.GetElapsedTime(exchange.Timestamp).TotalMilliseconds);
        });
    }

    static async Task Run(HttpContext http, RequestDelegate next, Exchange exchange, RateLimits limits, Database db, ILogger log)
    {
        var id = exchange.RequestId;
        exchange.Begin(http);
        http.Response.Headers[RequestIdHeader] = id;
        http.Request.Path = Tidy(http.Request.Path);
        try
        {
            await next(http);
            if (http.Response.HasStarted || http.Response.ContentLength is > 0) return;
            var refusal = http.Response.StatusCode switch
            {
                404 when http.GetEndpoint() is null => NoOperation(http),
                405 => WrongMethod(http),
                _ => null,
            };
            if (refusal is null) return;
            limits.Take(http.Response, http.Connection.RemoteIpAddress?.ToString() ?? "");
            await Tell(http, refusal);
        }
        catch (ApiFault fault)
        {
            await Tell(http, fault.Refusal);
        }
        catch (BadHttpRequestException fault)
        {
            await Tell(http, (fault.StatusCode == 413 ? Refusals.QueryTooLarge : Refusals.InvalidPayload).With(fault.Message));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller hung up; there is nobody to tell.
        }
        catch (Exception fault) when (db.IsDeadlock(fault))
        {
            await Tell(http, Refusals.ConcurrentUpdate);
        }
        catch (Exception fault) when (db.IsUnavailable(fault))
        {
            Unavailable(log, id, http.Request.Method, http.Request.Path, fault.Message);
            http.Response.Headers.RetryAfter = "1";
            await Tell(http, Refusals.ServiceUnavailable);
        }
        catch (Exception fault)
        {
            Failed(log, fault, id, http.Request.Method, http.Request.Path);
            await Tell(http, Refusals.InternalError);
        }
    }

    // Clients send "/v1/vouchers/" and "//v1/vouchers".
    static PathString Tidy(PathString path)
    {
        var text = path.Value ?? "/";
        if (!text.Contains("//", StringComparison.Ordinal) && (text.Length <= 1 || text[^1] != '/')) return path;
        if (!ApiRoots.Any(root => text.TrimStart('/').StartsWith(root, StringComparison.Ordinal))) return path;
        return "/" + string.Join('/', text.Split('/', StringSplitOptions.RemoveEmptyEntries));
    }

    static Refusal NoOperation(HttpContext http) =>
        Refusals.NotFound.With($"{http.Request.Method} {http.Request.Path} is not an operation of this server");

    static Refusal WrongMethod(HttpContext http) => Refusals.MethodNotAllowed.With(
        $"{http.Request.Method} is not supported by this endpoint. Did you mean {http.Response.Headers.Allow}?");

    static Task Tell(HttpContext http, Refusal refusal)
    {
        if (http.Response.HasStarted) return Task.CompletedTask;
        return Api.Write(http, refusal.Code, Wire.Bytes(ErrorBody.Of(refusal, RequestId(http))));
    }

    // A line each: while the database is away this is every request.
    [LoggerMessage(LogLevel.Warning, "Request {RequestId} {Method} {Path} failed for want of the database: {Message}")]
    private static partial void Unavailable(ILogger log, string requestId, string method, PathString path, string message);

    [LoggerMessage(LogLevel.Error, "Request {RequestId} {Method} {Path} failed")]
    private static partial void Failed(ILogger log, Exception fault, string requestId, string method, PathString path);
}
