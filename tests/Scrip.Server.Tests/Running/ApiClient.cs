using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Scrip.Server.Tests.Contract;

namespace Scrip.Server.Tests.Running;

/// <summary>
/// A caller of one project on one server. Every answer to an API path is held against the contract before the
/// test sees it; a redirection is never followed and nothing is retried.
/// </summary>
public sealed class ApiClient
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxConnectionsPerServer = 256,
    })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    private readonly Keys keys;
    private readonly bool isChecked;

    internal ApiClient(Db db, Uri address, ProjectKeys project, Keys keys, bool isChecked = true)
    {
        this.isChecked = isChecked;
        Db = db;
        Address = address;
        Project = project;
        this.keys = keys;
    }

    /// <summary>The database behind the server.</summary>
    public Db Db { get; }

    /// <summary>Where the server listens.</summary>
    public Uri Address { get; }

    /// <summary>The project and all its keys.</summary>
    public ProjectKeys Project { get; }

    /// <summary>The same project, called from a browser on a trusted origin.</summary>
    public ApiClient AsClient => With(Project.ClientSide);

    /// <summary>The same server, called with the organization's management keys.</summary>
    public ApiClient AsManagement => With(DemoKeys.Management);

    /// <summary>The same server, called without credentials.</summary>
    public ApiClient AsNobody => With(Keys.None);

    /// <summary>
    /// The same caller without the contract check, for what only prepares a test: a breach is to fail the tests
    /// of its own operation, not all of them. Nothing counts as reached by it.
    /// </summary>
    public ApiClient Unchecked => new(Db, Address, Project, keys, isChecked: false);

    /// <summary>The same project, called with other credentials.</summary>
    public ApiClient With(Keys other) => new(Db, Address, Project, other, isChecked);

    /// <summary>Reads.</summary>
    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path);

    /// <summary>Creates or acts; the body is any object, written as JSON with its names as they are.</summary>
    public Task<Answer> Post(string path, object? body = null) => Send(HttpMethod.Post, path, Write(body));

    /// <summary>Replaces or updates.</summary>
    public Task<Answer> Put(string path, object? body = null) => Send(HttpMethod.Put, path, Write(body));

    /// <summary>Removes.</summary>
    public Task<Answer> Delete(string path) => Send(HttpMethod.Delete, path);

    /// <summary>Uploads a CSV file in the multipart field <c>file</c>, as the SDKs do.</summary>
    public Task<Answer> Upload(string path, string csv, string partType = "text/csv")
    {
        var part = new ByteArrayContent(Encoding.UTF8.GetBytes(csv));
        part.Headers.ContentType = new MediaTypeHeaderValue(partType);
        return Send(HttpMethod.Post, path, new MultipartFormDataContent { { part, "file", "upload.csv" } });
    }

    /// <summary>Any method, any text as the body, and further headers, exactly as given.</summary>
    public Task<Answer> Raw(string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        HttpContent? content = body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        var type = headers.FirstOrDefault(header => header.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value;
        if (body is not null && type is null) type = "application/json";
        if (type is not null)
        {
            content ??= new ByteArrayContent([]);
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        return Send(new HttpMethod(method), path, content, headers);
    }

    /// <summary>Sends one request with this caller's credentials and checks the answer against the contract.</summary>
    public async Task<Answer> Send(HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, Address.ToString().TrimEnd('/') + path) { Content = content };
        foreach (var (name, value) in keys.Headers.Concat(headers))
        {
            if (!name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)) request.Headers.TryAddWithoutValidation(name, value);
        }
        using var response = await Http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var answer = new Answer($"{method} {path}", (int)response.StatusCode, response.Headers, response.Content.Headers, bytes);
        if (isChecked) AnswerCheck.Hold(Db, method.Method, path, answer);
        return answer;
    }

    private static ByteArrayContent? Write(object? body)
    {
        if (body is null) return null;
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}

/// <summary>A project with its two pairs of keys.</summary>
/// <param name="Id">The project's id.</param>
/// <param name="ServerSide">Keys that may do everything within it.</param>
/// <param name="ClientSide">Keys for browsers on <see cref="Keys.TrustedOrigin"/>.</param>
public sealed record ProjectKeys(string Id, Keys ServerSide, Keys ClientSide);
