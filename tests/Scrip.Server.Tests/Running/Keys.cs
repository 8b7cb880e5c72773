namespace Scrip.Server.Tests.Running;

/// <summary>A pair of credentials and the headers in which it travels.</summary>
/// <param name="Headers">Header names and values, sent with every request.</param>
public sealed record Keys(IReadOnlyList<(string Name, string Value)> Headers)
{
    /// <summary>The origin that projects made by the tests trust.</summary>
    public const string TrustedOrigin = "https://shop.test";

    /// <summary>No credentials at all.</summary>
    public static Keys None { get; } = new([]);

    /// <summary>Keys of the server side, which may do everything within a project.</summary>
    public static Keys ServerSide(string id, string token) => new([("X-App-Id", id), ("X-App-Token", token)]);

    /// <summary>Keys of the client side, as a browser on a trusted origin sends them.</summary>
    public static Keys ClientSide(string id, string token, string origin = TrustedOrigin) =>
        new([("X-Client-Application-Id", id), ("X-Client-Token", token), ("Origin", origin)]);

    /// <summary>Keys of the organization, for the management API.</summary>
    public static Keys Management(string id, string token) =>
        new([("X-Management-Id", id), ("X-Management-Token", token)]);

    /// <summary>An OAuth access token.</summary>
    public static Keys Bearer(string token) => new([("Authorization", $"Bearer {token}")]);
}

/// <summary>The fixed keys with which the tests start every server.</summary>
public static class DemoKeys
{
    /// <summary>The demo project.</summary>
    public const string ProjectId = "proj_demo0test";

    private const string AppId = "11111111-1111-4111-8111-111111111111";
    private const string AppToken = "11111111-2222-4222-8222-222222222222";
    private const string ClientAppId = "22222222-1111-4111-8111-111111111111";
    private const string ClientToken = "22222222-2222-4222-8222-222222222222";
    private const string ManagementId = "33333333-1111-4111-8111-111111111111";
    private const string ManagementToken = "33333333-2222-4222-8222-222222222222";

    /// <summary>Server-side keys of the demo project.</summary>
    public static Keys ServerSide { get; } = Keys.ServerSide(AppId, AppToken);

    /// <summary>Client-side keys of the demo project.</summary>
    public static Keys ClientSide { get; } = Keys.ClientSide(ClientAppId, ClientToken);

    /// <summary>Management keys, which create every other project.</summary>
    public static Keys Management { get; } = Keys.Management(ManagementId, ManagementToken);

    /// <summary>The same keys in the words of the server's settings.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["SCRIP_DEMO_PROJECT_ID"] = ProjectId,
        ["SCRIP_DEMO_APP_ID"] = AppId,
        ["SCRIP_DEMO_APP_TOKEN"] = AppToken,
        ["SCRIP_DEMO_CLIENT_APP_ID"] = ClientAppId,
        ["SCRIP_DEMO_CLIENT_TOKEN"] = ClientToken,
        ["SCRIP_DEMO_MANAGEMENT_ID"] = ManagementId,
        ["SCRIP_DEMO_MANAGEMENT_TOKEN"] = ManagementToken,
    };
}
