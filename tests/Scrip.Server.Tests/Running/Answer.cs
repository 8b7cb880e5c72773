using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Scrip.Server.Tests.Running;

/// <summary>What the server answered, read whole. The indexers reach into its JSON.</summary>
public sealed class Answer
{
    private readonly Lazy<JsonNode?> json;

    internal Answer(string request, int status, HttpResponseHeaders headers, HttpContentHeaders contentHeaders, byte[] bytes)
    {
        Request = request;
        Status = status;
        Headers = headers;
        ContentHeaders = contentHeaders;
        Bytes = bytes;
        json = new(() => bytes.Length == 0 ? null : JsonNode.Parse(bytes));
    }

    /// <summary>The request line it answers.</summary>
    public string Request { get; }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>The headers of the answer.</summary>
    public HttpResponseHeaders Headers { get; }

    /// <summary>The headers of its body.</summary>
    public HttpContentHeaders ContentHeaders { get; }

    /// <summary>The body as it came.</summary>
    public byte[] Bytes { get; }

    /// <summary>The body as text.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);

    /// <summary>The body as JSON; null when there is none.</summary>
    public JsonNode? Json => json.Value;

    /// <summary>The body as a part, for comparing whole bodies.</summary>
    public Part Body => new(Json, exists: Bytes.Length > 0);

    /// <summary>A property of the body.</summary>
    public Part this[string name] => Body[name];

    /// <summary>An element of the body, when that is an array.</summary>
    public Part this[int index] => Body[index];

    /// <summary>A header's value, or null.</summary>
    public string? Header(string name) =>
        Headers.TryGetValues(name, out var values) || ContentHeaders.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    /// <summary>The same answer when its status is the expected one; otherwise the test fails with the body.</summary>
    public Answer Expect(int status) => Status == status
        ? this
        : throw new Shouldly.ShouldAssertException($"{Request} should have answered {status}, but was {this}");

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = Text;
        try
        {
            text = Json?.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) ?? text;
        }
        catch (JsonException)
        {
            // Not JSON: shown as it came.
        }
        return $"{Status}\n{text}";
    }
}
