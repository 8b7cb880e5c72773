using Scrip.Engine;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Projects;

/// <summary>
/// What client keys may do is the project's decision: from which origins, and which operations. A key that lives in a
/// browser is no secret, so that nothing is allowed before the project says so.
/// </summary>
static class ClientDoor
{
    /// <summary>Lets a client's call in, or refuses it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="allows">The setting that must be on.</param>
    /// <param name="setting">Its name, for the refusal.</param>
    public static async Task Open(Call call, Func<ProjectBody, bool?> allows, string setting)
    {
        var row = await call.Db.Read(db => ProjectSql.Find(db, call.ProjectId)) ?? throw new ApiFault(Refusals.Unauthorized);
        var project = Wire.Read<ProjectBody>(row.Body);
        if (call.BrowserOrigin is not { } origin || !(project.ClientTrustedDomains ?? []).Any(domain => Matches(domain, origin)))
            throw new ApiFault(Refusals.Unauthorized.With("The header Origin must name one of the project's client_trusted_domains"));
        if (allows(project) != true) throw new ApiFault(Refusals.Forbidden.With($"The project's setting {setting} is off"));
    }

    /// <summary>Whether a trusted domain, with or without its scheme, is the origin's; <c>*.shop.test</c> names all below a domain.</summary>
    internal static bool Matches(string domain, string origin)
    {
        var trusted = domain.Trim().TrimEnd('/');
        if (trusted.Length == 0) return false;
        if (trusted.Contains("://", StringComparison.Ordinal)) return string.Equals(trusted, origin, StringComparison.OrdinalIgnoreCase);
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri)) return string.Equals(trusted, origin, StringComparison.OrdinalIgnoreCase);
        if (trusted.StartsWith("*.", StringComparison.Ordinal)) return uri.Host.EndsWith(trusted[1..], StringComparison.OrdinalIgnoreCase);
        return string.Equals(trusted, uri.Host, StringComparison.OrdinalIgnoreCase) || string.Equals(trusted, uri.Authority, StringComparison.OrdinalIgnoreCase);
    }
}
