using Scrip.Engine;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Platform.Http;

/// <summary>
/// Maps operations: a method, a path, the contract's operation id and a static handler. Every handler is
/// wrapped alike: who calls, how often, the body, the idempotency key, the answer.
/// </summary>
public sealed class Api(IEndpointRouteBuilder routes, string tag, KeyKind key)
{
    /// <summary>The same routes under another tag of the contract.</summary>
    public Api Under(string other) => new(routes, other, key);

    /// <summary>An operation that reads.</summary>
    public void Get<TAnswer>(string path, string id, Func<Call, Task<TAnswer>> handler) => Map("GET", path, id, handler);

    /// <summary>An operation that reads a list; it takes the list parameters.</summary>
    public void List<TAnswer>(string path, string id, Func<Call, Task<TAnswer>> handler) =>
        Map("GET", path, id, handler).WithMetadata(TakesListParameters.Mark);

    /// <summary>An operation that sends a file, told from another with the same path by a parameter of the query.</summary>
    public void Download(string path, string id, string parameter, Func<Call, Task<Download>> handler) =>
        Map("GET", path, id, handler).WithMetadata(new NeedsQuery(parameter));

    /// <summary>An operation without a body of its own that writes.</summary>
    public void Post<TAnswer>(string path, string id, Func<Call, Task<TAnswer>> handler) => Map("POST", path, id, handler);

    /// <summary>An operation with a body.</summary>
    public void Post<TBody, TAnswer>(string path, string id, Func<TBody, Call, Task<TAnswer>> handler) where TBody : notnull =>
        Map("POST", path, id, call => handler(call.Body<TBody>(), call)).WithMetadata(new TakesBody(typeof(TBody)));

    /// <summary>An operation with a body that is a list of many objects.</summary>
    public void PostMany<TBody, TAnswer>(string path, string id, Func<TBody, Call, Task<TAnswer>> handler) where TBody : notnull =>
        Map("POST", path, id, call => handler(call.Body<TBody>(), call)).WithMetadata(new TakesBody(typeof(TBody)), TakesUpload.Many);

    /// <summary>An operation that takes a file in a multipart body; the handler reads it with <see cref="Call.ReadUpload"/>.</summary>
    public void PostFile<TAnswer>(string path, string id, Func<Call, Task<TAnswer>> handler) =>
        Map("POST", path, id, handler).WithMetadata(TakesUpload.File);

    /// <summary>An operation that changes what exists.</summary>
    public void Put<TBody, TAnswer>(string path, string id, Func<TBody, Call, Task<TAnswer>> handler) where TBody : notnull =>
        Map("PUT", path, id, call => handler(call.Body<TBody>(), call)).WithMetadata(new TakesBody(typeof(TBody)));

    /// <summary>A deletion that answers 204.</summary>
    public void Delete(string path, string id, Func<Call, Task> handler) => Map("DELETE", path, id, async call =>
    {
        await handler(call);
        call.Status = StatusCodes.Status204NoContent;
        return Nothing.Instance;
    });

    /// <summary>A deletion that answers an object.</summary>
    public void Delete<TAnswer>(string path, string id, Func<Call, Task<TAnswer>> handler) => Map("DELETE", path, id, handler);

    RouteHandlerBuilder Map<TAnswer>(string method, string path, string id, Func<Call, Task<TAnswer>> handler)
    {
        Delegate answer = async (HttpContext http) => await Answer(http, handler);
        var builder = routes.MapMethods(path, [method], answer).WithName(id).WithTags(tag).WithMetadata(new NeedsKey(key));
        if (typeof(TAnswer) == typeof(Download)) return builder.Produces(StatusCodes.Status200OK, contentType: "text/plain");
        return typeof(TAnswer) == typeof(Nothing)
            ? builder.Produces(StatusCodes.Status204NoContent)
            : builder.Produces<TAnswer>(StatusCodes.Status200OK, "application/json");
    }

    async Task Answer<TAnswer>(HttpContext http, Func<Call, Task<TAnswer>> handler)
    {
        var services = http.RequestServices;
        var call = new Call(http, services.GetRequiredService<Database>(), services.GetRequiredService<Settings>(),
            services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds(), Faults.RequestId(http));
        Exchange.Of(http).Call = call;
        var limits = services.GetRequiredService<RateLimits>();
        try
        {
            call.Caller = await services.GetRequiredService<KeyRing>().Identify(http.Request, key);
        }
        catch (ApiFault)
        {
            // Guessing keys is counted by address.
            limits.Take(http.Response, http.Connection.RemoteIpAddress?.ToString() ?? "");
            throw;
        }
        limits.Take(http.Response, call.ProjectId.Length > 0 ? call.ProjectId : call.Caller.AppId);
        if (http.Request.Headers["X-Voucherify-API-Version"] is [{ Length: > 0 } version] && version != "v2018-08-01")
            throw new ApiFault(Refusals.InvalidApiVersion);
        try
        {
            await call.Prepare();
            var answer = await handler(call);
            if (answer is Nothing) http.Response.StatusCode = call.Status;
            else if (answer is Download file) await file.Send(http);
            else await Write(http, call.Status, call.BytesOf(answer));
        }
        catch (Exception fault) when (call.Db.IsUnstorable(fault))
        {
            throw new ApiFault(Refusals.InvalidPayload.With("A text or a number in the request is beyond what can be stored"));
        }
        catch (AnsweredBefore known)
        {
            http.Response.Headers["Idempotency-Replayed"] = "true";
            await Write(http, known.Status, System.Text.Encoding.UTF8.GetBytes(known.Answer));
        }
    }

    /// <summary>Writes JSON with its length.</summary>
    internal static Task Write(HttpContext http, int status, byte[] body)
    {
        Exchange.Of(http).Answer = body;
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, 0, body.Length, http.RequestAborted);
    }
}

/// <summary>The answer of an operation without a body.</summary>
public sealed class Nothing
{
    /// <summary>The only one.</summary>
    public static readonly Nothing Instance = new();
}

/// <summary>Marks an endpoint with the kind of key it asks for.</summary>
public sealed record NeedsKey(KeyKind Kind);

/// <summary>Tells the OpenAPI document of a body; it does not restrict content types, since clients send many.</summary>
public sealed record TakesBody(Type Type);

/// <summary>Marks an endpoint whose body may be larger than that of others.</summary>
/// <param name="IsFile">True for a file in a multipart body, false for a JSON list.</param>
public sealed record TakesUpload(bool IsFile)
{
    /// <summary>A file.</summary>
    public static readonly TakesUpload File = new(true);

    /// <summary>A list of many objects.</summary>
    public static readonly TakesUpload Many = new(false);
}

/// <summary>Marks an endpoint that takes limit, page, order and filters.</summary>
public sealed record TakesListParameters
{
    /// <summary>The only one.</summary>
    public static readonly TakesListParameters Mark = new();
}
