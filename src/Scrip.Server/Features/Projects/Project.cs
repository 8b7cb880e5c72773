namespace Scrip.Server.Features.Projects;

/// <summary>What a caller may set on a project; absent fields keep their value in an update.</summary>
public record ProjectInput
{
    public string? Name { get; init; }
    public string? Description { get; init; }
    /// <summary>An IANA zone such as <c>Europe/Warsaw</c>, in which days and hours of campaigns are meant.</summary>
    public string? Timezone { get; init; }
    /// <summary>MONDAY (the default), SATURDAY or SUNDAY: when the weeks begin that weekly limits count in. Not part of the vendor's API.</summary>
    public string? FirstDayOfWeek { get; init; }
    /// <summary>An ISO 4217 code; amounts are in its minor unit.</summary>
    public string? Currency { get; init; }
    public string? DialCode { get; init; }
    public string? WebhookVersion { get; init; }
    public string[]? ClientTrustedDomains { get; init; }
    public bool? ClientRedeemEnabled { get; init; }
    public bool? ClientPublishEnabled { get; init; }
    public bool? ClientListVouchersEnabled { get; init; }
    public bool? ClientCreateCustomerEnabled { get; init; }
    public bool? ClientLoyaltyEventsEnabled { get; init; }
    public bool? ClientSetVoucherExpirationDateEnabled { get; init; }
    public CalloutNotifications? WebhooksCalloutNotifications { get; init; }
    public UsageNotifications? ApiUsageNotifications { get; init; }
    public bool? CaseSensitiveCodes { get; init; }
    public string? ApiVersion { get; init; }
    public string? ClusterId { get; init; }
}

/// <summary>The part of a project that lies in its <c>body</c> column.</summary>
public sealed record ProjectBody : ProjectInput
{
    /// <summary>Signs what the project's webhooks send.</summary>
    public string? WebhookToken { get; init; }
}

/// <summary>A project as the API answers it. The keys are there only once, in the answer to its creation.</summary>
public sealed record Project : ProjectInput
{
    public required string Id { get; init; }
    public bool IsSandbox { get; init; }
    public required string WebhookToken { get; init; }
    public ProjectKey? ServerSideKey { get; init; }
    public ProjectKey? ClientSideKey { get; init; }
}

/// <summary>Whom to tell when callouts fail.</summary>
public sealed record CalloutNotifications
{
    public NotificationSettings? Distributions { get; init; }
    public NotificationSettings? Webhooks { get; init; }
}

/// <summary>Whom to tell how much of the limits is used.</summary>
public sealed record UsageNotifications
{
    public NotificationSettings? Redemptions { get; init; }
    public NotificationSettings? Messages { get; init; }
    public NotificationSettings? ApiCalls { get; init; }
    public NotificationSettings? BulkApiCalls { get; init; }
    public NotificationSettings? WebhookCalls { get; init; }
    public NotificationSettings? CycleCalls { get; init; }
}

/// <summary>One kind of notification: usage ones have <c>enabled</c> and a percentage, callout ones <c>email</c>.</summary>
public sealed record NotificationSettings
{
    public bool? Enabled { get; init; }
    public long? Value { get; init; }
    public bool? Email { get; init; }
    public bool? InApp { get; init; }
    public string[]? Emails { get; init; }
}

/// <summary>A key as its maker sees it, once.</summary>
public sealed record ProjectKey(string AppId, string AppToken);
