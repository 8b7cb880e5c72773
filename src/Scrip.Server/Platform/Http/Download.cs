namespace Scrip.Server.Platform.Http;

/// <summary>An answer that is a file, sent part by part so that one part at a time is in memory.</summary>
/// <param name="Name">The name under which a browser saves it.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Part">The part of a number from 0; null past the end.</param>
public sealed record Download(string Name, long Bytes, Func<long, Task<byte[]?>> Part)
{
    /// <summary>Sends it.</summary>
    internal async Task Send(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.ContentLength = Bytes;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{Name}\"";
        http.Response.Headers.CacheControl = "private, no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        for (var part = 0L; await Part(part) is { } bytes; part++) await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }
}
