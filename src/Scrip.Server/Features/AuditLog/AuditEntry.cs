using System.Text.Json;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.AuditLog;

/// <summary>The kinds of entries of the audit log, each kept in a table of its own.</summary>
public static class AuditKind
{
    /// <summary>A call of the API.</summary>
    public const string Request = "API_REQUEST";

    /// <summary>An async action.</summary>
    public const string Task = "BACKGROUND_TASK";

    /// <summary>An export.</summary>
    public const string Export = "EXPORT";

    /// <summary>An event on its way to a webhook.</summary>
    public const string Sendout = "WEBHOOK_SENDOUT";
}

/// <summary>Something that went on in a project. Lists leave <see cref="Request"/> and <see cref="Response"/> out.</summary>
public sealed record AuditEntry
{
    public required string Id { get; init; }
    /// <summary>See <see cref="AuditKind"/>.</summary>
    public required string Type { get; init; }
    /// <summary>The operation, the type of the action, the exported object, or the type of the event.</summary>
    public string? Name { get; init; }
    /// <summary>The HTTP status of a call; else the status in its own words.</summary>
    public required string Status { get; init; }
    public required Moment CreatedAt { get; init; }
    public long? DurationMs { get; init; }
    public string? Method { get; init; }
    public string? Path { get; init; }
    public string? Query { get; init; }
    /// <summary>The public id of the key that called.</summary>
    public string? AppId { get; init; }
    public string? Channel { get; init; }
    /// <summary>The webhook of a sendout.</summary>
    public string? WebhookId { get; init; }
    /// <summary>Where a sendout went.</summary>
    public string? TargetUrl { get; init; }
    /// <summary>How often a sendout was tried.</summary>
    public long? AttemptsCount { get; init; }
    /// <summary>What was asked: JSON; text where only the start of a long body was kept.</summary>
    public JsonElement? Request { get; init; }
    /// <summary>What was answered, or the result.</summary>
    public JsonElement? Response { get; init; }
    public string Object => "audit_log_entry";
}

/// <summary>Which entries are asked for. A null restricts nothing.</summary>
/// <param name="Kind">See <see cref="AuditKind"/>.</param>
public sealed record AuditFilter(string Kind)
{
    /// <summary>Entries on a page at most.</summary>
    public const int LimitMax = 100;

    /// <summary>For calls <c>success</c>, <c>failure</c> or an HTTP status; else a status in its own words.</summary>
    public string? Status { get; init; }

    /// <summary>See <see cref="AuditEntry.Name"/>.</summary>
    public string? Name { get; init; }

    /// <summary>How the paths of calls begin.</summary>
    public string? Path { get; init; }

    /// <summary>Not before this instant, in Unix milliseconds.</summary>
    public long? After { get; init; }

    /// <summary>Before this instant, in Unix milliseconds.</summary>
    public long? Before { get; init; }

    /// <summary>Entries on a page.</summary>
    public int Limit { get; init; } = 10;

    /// <summary>The page, from 1.</summary>
    public int Page { get; init; } = 1;
}
