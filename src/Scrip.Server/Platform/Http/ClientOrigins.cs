namespace Scrip.Server.Platform.Http;

/// <summary>
/// Lets browsers call client operations from other origins. Which origins may call is checked with the key, when the
/// call comes; a browser that asks first is told yes, since nothing says yet whose project it is.
/// </summary>
static class ClientOrigins
{
    const string Paths = "/client/";
    const string HeadersAllowed = "Content-Type, X-Client-Application-Id, X-Client-Token, X-Voucherify-Channel, X-Voucherify-API-Version, Authorization, Idempotency-Key";

    public static void UseClientOrigins(this WebApplication app) => app.Use((http, next) =>
    {
        if (http.Request.Headers.Origin is not [{ Length: > 0 and <= 300 } origin] || http.Request.Path.Value?.StartsWith(Paths, StringComparison.Ordinal) != true) return next(http);
        var headers = http.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.Vary = "Origin";
        if (!HttpMethods.IsOptions(http.Request.Method) || http.Request.Headers.AccessControlRequestMethod.Count == 0) return next(http);
        headers.AccessControlAllowMethods = "GET, POST";
        headers.AccessControlAllowHeaders = HeadersAllowed;
        headers.AccessControlMaxAge = "600";
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    });
}
