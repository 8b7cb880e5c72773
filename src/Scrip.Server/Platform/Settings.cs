namespace Scrip.Server.Platform;

/// <summary>
/// Everything an operator can set, by environment variable or <c>appsettings.json</c> under the same names;
/// the README's configuration table lists them.
/// </summary>
public sealed record Settings
{
    /// <summary>Where the server listens: <c>SCRIP_URL</c>.</summary>
    public required string Url { get; init; }

    /// <summary>What browsers and mail programs reach the server by, such as <c>https://codes.example.com</c>; null takes the address of each call: <c>SCRIP_PUBLIC_URL</c>.</summary>
    public string? PublicUrl { get; init; }

    /// <summary><c>sqlite:FILE</c> or <c>postgres://user:password@host:port/database</c>: <c>SCRIP_DATABASE</c>.</summary>
    public required string Database { get; init; }

    /// <summary>The folder of the embedded database and of uploaded files: <c>SCRIP_DATA</c>.</summary>
    public required string Data { get; init; }

    /// <summary><c>demo</c> or <c>none</c>; null means demo on an empty embedded database only: <c>SCRIP_SEED</c>.</summary>
    public string? Seed { get; init; }

    /// <summary>Calls per minute that each project may make: <c>SCRIP_RATE_LIMIT</c>.</summary>
    public int RateLimit { get; init; }

    /// <summary>Connections kept to PostgreSQL, or readers of SQLite: <c>SCRIP_POOL</c>.</summary>
    public int Pool { get; init; }

    /// <summary>Attempts at an event before it is given up: <c>SCRIP_OUTBOX_ATTEMPTS</c>.</summary>
    public int OutboxAttempts { get; init; }

    /// <summary>The pause after the first failed attempt at an event, in milliseconds; it doubles each time: <c>SCRIP_OUTBOX_RETRY_MS</c>.</summary>
    public int OutboxRetryMs { get; init; }

    /// <summary>How often segments whose conditions depend on the time are looked through again, in milliseconds: <c>SCRIP_SEGMENT_REFRESH_MS</c>.</summary>
    public int SegmentRefreshMs { get; init; }

    /// <summary>How often points whose last day is over are looked for, in milliseconds: <c>SCRIP_POINTS_EXPIRY_MS</c>.</summary>
    public int PointsExpiryMs { get; init; }

    /// <summary>Types of events whose handling is made to fail, for trying out what happens then: <c>SCRIP_FAULT_EVENTS</c>; none by default.</summary>
    public required IReadOnlySet<string> FaultEvents { get; init; }

    /// <summary>Networks beyond the public ones that webhooks may call, such as <c>10.1.0.0/16</c>: <c>SCRIP_WEBHOOK_ALLOW</c>.</summary>
    public string? WebhookAllow { get; init; }

    /// <summary>Milliseconds before a failed webhook is tried again; each further wait is twice as long: <c>SCRIP_WEBHOOK_RETRY</c>.</summary>
    public int WebhookRetryMs { get; init; }

    /// <summary>Days that API requests and webhook sendouts stay in the audit log; 0 keeps no requests: <c>SCRIP_AUDIT_DAYS</c>.</summary>
    public int AuditDays { get; init; }

    /// <summary>Jobs that each server works on at the same time over PostgreSQL; over SQLite it is one: <c>SCRIP_WORKERS</c>.</summary>
    public int Workers { get; init; }

    /// <summary>The server that e-mails go through; null sends none: <c>SCRIP_SMTP_…</c>.</summary>
    public SmtpSettings? Smtp { get; init; }

    /// <summary>Where SMS are posted to, as JSON with <c>to</c> and <c>text</c>; null sends none: <c>SCRIP_SMS_URL</c>.</summary>
    public string? SmsUrl { get; init; }

    /// <summary>Goes with each SMS as a bearer token: <c>SCRIP_SMS_TOKEN</c>.</summary>
    public string? SmsToken { get; init; }

    /// <summary>Milliseconds between scheduling a distribution by hand and its beginning, in which it can be undone: <c>SCRIP_DISTRIBUTION_DELAY</c> in seconds.</summary>
    public long DistributionDelayMs { get; init; }

    /// <summary>Milliseconds before a message that failed is sent again; each further wait is twice as long: <c>SCRIP_DISTRIBUTION_RETRY_MS</c>.</summary>
    public int DistributionRetryMs { get; init; }

    /// <summary>Rows of one chunk of bulk work; null is what suits the database: <c>SCRIP_CHUNK</c>.</summary>
    public int? Chunk { get; init; }

    /// <summary>Fixed identifiers and secrets of the demo project: <c>SCRIP_DEMO_…</c>.</summary>
    public required DemoKeys Demo { get; init; }

    /// <summary>Reads the settings; unset names take the documented defaults.</summary>
    public static Settings Read(IConfiguration from)
    {
        var data = from["SCRIP_DATA"] ?? "data";
        return new Settings
        {
            Url = from["SCRIP_URL"] ?? "http://127.0.0.1:8080",
            PublicUrl = Address(from, "SCRIP_PUBLIC_URL")?.TrimEnd('/'),
            Data = data,
            Database = from["SCRIP_DATABASE"] ?? $"sqlite:{Path.Combine(data, "scrip.db")}",
            Seed = from["SCRIP_SEED"],
            RateLimit = Whole(from, "SCRIP_RATE_LIMIT", 1_000_000),
            Pool = Whole(from, "SCRIP_POOL", 16),
            OutboxAttempts = Whole(from, "SCRIP_OUTBOX_ATTEMPTS", 12),
            OutboxRetryMs = Whole(from, "SCRIP_OUTBOX_RETRY_MS", 1000),
            SegmentRefreshMs = Whole(from, "SCRIP_SEGMENT_REFRESH_MS", 3_600_000),
            PointsExpiryMs = Whole(from, "SCRIP_POINTS_EXPIRY_MS", 60_000),
            FaultEvents = (from["SCRIP_FAULT_EVENTS"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(),
            WebhookAllow = from["SCRIP_WEBHOOK_ALLOW"],
            WebhookRetryMs = Whole(from, "SCRIP_WEBHOOK_RETRY", 60_000),
            AuditDays = from["SCRIP_AUDIT_DAYS"] == "0" ? 0 : Whole(from, "SCRIP_AUDIT_DAYS", 30),
            Workers = Whole(from, "SCRIP_WORKERS", 2),
            Smtp = SmtpSettings.Read(from),
            SmsUrl = Address(from, "SCRIP_SMS_URL"),
            SmsToken = from["SCRIP_SMS_TOKEN"],
            DistributionDelayMs = Whole(from, "SCRIP_DISTRIBUTION_DELAY", 600) * 1000L,
            DistributionRetryMs = Whole(from, "SCRIP_DISTRIBUTION_RETRY_MS", 10_000),
            Chunk = string.IsNullOrEmpty(from["SCRIP_CHUNK"]) ? null : Whole(from, "SCRIP_CHUNK", 1),
            Demo = new DemoKeys(
                from["SCRIP_DEMO_PROJECT_ID"], from["SCRIP_DEMO_APP_ID"], from["SCRIP_DEMO_APP_TOKEN"],
                from["SCRIP_DEMO_CLIENT_APP_ID"], from["SCRIP_DEMO_CLIENT_TOKEN"],
                from["SCRIP_DEMO_MANAGEMENT_ID"], from["SCRIP_DEMO_MANAGEMENT_TOKEN"]),
        };
    }

    static string? Address(IConfiguration from, string name) => from[name] switch
    {
        null or "" => null,
        var text when Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" => text,
        var text => throw new ArgumentException($"{name} must be an http or https URL, not '{text}'"),
    };

    internal static int Whole(IConfiguration from, string name, int otherwise) => from[name] switch
    {
        null or "" => otherwise,
        var text when int.TryParse(text, out var value) && value > 0 => value,
        var text => throw new ArgumentException($"{name} must be a whole number above 0, not '{text}'"),
    };
}

/// <summary>A mail server.</summary>
/// <param name="Host">Its name: <c>SCRIP_SMTP_HOST</c>.</param>
/// <param name="Port">Its port: <c>SCRIP_SMTP_PORT</c>.</param>
/// <param name="User">Who logs in; null does not: <c>SCRIP_SMTP_USER</c>.</param>
/// <param name="Password">With this: <c>SCRIP_SMTP_PASSWORD</c>.</param>
/// <param name="From">The sender of all mails: <c>SCRIP_SMTP_FROM</c>.</param>
/// <param name="Tls"><c>auto</c>, <c>starttls</c>, <c>tls</c> or <c>none</c>: <c>SCRIP_SMTP_TLS</c>.</param>
public sealed record SmtpSettings(string Host, int Port, string? User, string? Password, string From, string Tls)
{
    internal static SmtpSettings? Read(IConfiguration from)
    {
        if (from["SCRIP_SMTP_HOST"] is not { Length: > 0 } host) return null;
        var tls = from["SCRIP_SMTP_TLS"] is { Length: > 0 } named ? named : "auto";
        if (tls is not ("auto" or "starttls" or "tls" or "none")) throw new ArgumentException($"SCRIP_SMTP_TLS must be auto, starttls, tls or none, not '{tls}'");
        if (from["SCRIP_SMTP_FROM"] is not { } sender || !sender.Contains('@', StringComparison.Ordinal))
            throw new ArgumentException("SCRIP_SMTP_FROM must be an e-mail address when SCRIP_SMTP_HOST is set");
        return new(host, Settings.Whole(from, "SCRIP_SMTP_PORT", tls == "tls" ? 465 : 587), from["SCRIP_SMTP_USER"] is { Length: > 0 } user ? user : null,
            from["SCRIP_SMTP_PASSWORD"], sender, tls);
    }
}

/// <summary>The demo project's fixed credentials; a null one is made up at the first start.</summary>
public sealed record DemoKeys(
    string? ProjectId, string? AppId, string? AppToken,
    string? ClientAppId, string? ClientToken, string? ManagementId, string? ManagementToken)
{
    /// <summary>True when an operator fixed at least one of them, which asks for the project to exist.</summary>
    public bool Fixed => (ProjectId ?? AppId ?? AppToken ?? ManagementId ?? ManagementToken) is not null;
}
