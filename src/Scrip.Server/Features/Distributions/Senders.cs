using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Outgoing;

namespace Scrip.Server.Features.Distributions;

/// <summary>What came of sending a message.</summary>
/// <param name="Fault">Why it was not sent; null when it was.</param>
/// <param name="IsFinal">Whether trying again would come to the same.</param>
/// <param name="IsSkipped">Whether it was not meant to be sent.</param>
readonly record struct SendResult(string? Fault, bool IsFinal, bool IsSkipped = false)
{
    public static readonly SendResult Done = new(null, true);

    public static SendResult Never(string fault) => new(fault, true);

    public static SendResult Skip(string why) => new(why, true, true);

    public static SendResult Later(string fault) => new(fault, false);
}

/// <summary>A message with all that sending needs.</summary>
/// <param name="Row">Its row, whose id is the same at every attempt, so that receivers can tell a repetition.</param>
/// <param name="Channel">How it goes out.</param>
/// <param name="Payload">What its templates can name.</param>
/// <param name="Phone">The customer's number.</param>
/// <param name="IsUnwelcome">Whether the customer wants no e-mails.</param>
/// <param name="PreferencesUrl">Where the customer says so; null where nobody knows how the server is reached.</param>
sealed record Outgoing(MessageRow Row, DistributionChannel Channel, DistributionPayload Payload, string? Phone, bool IsUnwelcome, string? PreferencesUrl)
{
    /// <summary>The payload as templates see it: the customer has the link, too.</summary>
    public JsonElement Model { get; } = WithLink(Wire.Element(Payload), PreferencesUrl);

    static JsonElement WithLink(JsonElement payload, string? url)
    {
        if (url is null || !payload.TryGetProperty("customer", out var customer)) return payload;
        var (whole, person) = (JsonObject.Create(payload)!, JsonObject.Create(customer)!);
        person["preference_center_url"] = url;
        person["assets"] = new JsonObject { ["cockpit_url"] = url, ["cockpit_preference_center_url"] = url };
        whole["customer"] = person;
        using var parsed = JsonDocument.Parse(whole.ToJsonString());
        return parsed.RootElement.Clone();
    }
}

/// <summary>Sends a message through one channel. A provider of SMS other than the webhook's is another function of this shape.</summary>
delegate Task<SendResult> Sender(Outgoing message, CancellationToken stop);

/// <summary>The senders of this server, by channel.</summary>
sealed class Senders(Settings settings, OutgoingHttp http)
{
    /// <summary>Why a message was skipped.</summary>
    public const string Unwelcome = "The customer unsubscribed from e-mails";

    const int SmtpSeconds = 20;

    // A line of a mail has 998 characters at most, and an address cannot be folded.
    const int HeaderMax = 900;

    /// <summary>Sends; what goes wrong is answered, not thrown.</summary>
    public async Task<SendResult> Send(Outgoing message, CancellationToken stop)
    {
        Sender sender = message.Channel.Type switch
        {
            DistributionTerms.Email => Email,
            DistributionTerms.Sms => Sms,
            _ => Webhook,
        };
        try
        {
            return await sender(message, stop);
        }
        catch (TemplateFault fault)
        {
            return SendResult.Never(fault.Message);
        }
    }

    async Task<SendResult> Email(Outgoing message, CancellationToken stop)
    {
        if (message.IsUnwelcome) return SendResult.Skip(Unwelcome);
        if (settings.Smtp is not { } smtp) return SendResult.Later("No mail server is set: SCRIP_SMTP_HOST");
        if (message.Payload.Customer?.Email is not { } address) return SendResult.Never("The customer has no e-mail address");
        if (!MailboxAddress.TryParse(address, out var to) || !to.Address.Contains('@', StringComparison.Ordinal)) return SendResult.Never("The customer's e-mail address is not valid");
        var channel = message.Channel;
        var builder = new BodyBuilder
        {
            TextBody = channel.Text is null ? null : await Templates.Render(channel.Text, message.Model),
            HtmlBody = channel.Html is null ? null : await Templates.Render(channel.Html, message.Model, isHtml: true),
        };
        var from = MailboxAddress.Parse(smtp.From);
        using var mail = new MimeMessage([from], [to], OneLine(await Templates.Render(channel.Subject!, message.Model)), builder.ToMessageBody());
        mail.MessageId = $"{message.Row.Id}@{from.Domain}";
        if (message.PreferencesUrl is { Length: <= HeaderMax } way)
        {
            mail.Headers.Add(HeaderId.ListUnsubscribe, $"<{way}>");
            mail.Headers.Add(HeaderId.ListUnsubscribePost, "List-Unsubscribe=One-Click");
        }
        return await Deliver(smtp, mail, stop);
    }

    static string OneLine(string subject) => string.Join(' ', subject.Split('\r', '\n'));

    static async Task<SendResult> Deliver(SmtpSettings smtp, MimeMessage mail, CancellationToken stop)
    {
        using var client = new SmtpClient { Timeout = SmtpSeconds * 1000 };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(TimeSpan.FromSeconds(SmtpSeconds));
        try
        {
            await client.ConnectAsync(smtp.Host, smtp.Port, smtp.Tls switch
            {
                "none" => SecureSocketOptions.None,
                "starttls" => SecureSocketOptions.StartTls,
                "tls" => SecureSocketOptions.SslOnConnect,
                _ => SecureSocketOptions.StartTlsWhenAvailable,
            }, deadline.Token);
            if (smtp.User is { } user) await client.AuthenticateAsync(user, smtp.Password ?? "", deadline.Token);
            await client.SendAsync(mail, deadline.Token);
        }
        catch (SmtpCommandException refused)
        {
            // What a server refuses for good (5xx) about a message or its receiver stays refused.
            var text = $"The mail server answered {(int)refused.StatusCode}: {refused.Message}";
            return (int)refused.StatusCode >= 500 && refused.ErrorCode != SmtpErrorCode.UnexpectedStatusCode ? SendResult.Never(text) : SendResult.Later(text);
        }
        catch (Exception fault) when (fault is IOException or System.Net.Sockets.SocketException or ProtocolException or AuthenticationException
            or SslHandshakeException or NotSupportedException or OperationCanceledException or TimeoutException)
        {
            return SendResult.Later($"The mail server could not be used: {fault.GetType().Name}");
        }
        try
        {
            await client.DisconnectAsync(true, CancellationToken.None);
        }
        catch (Exception fault) when (fault is IOException or ProtocolException or SmtpCommandException)
        {
            // The mail was taken; how the connection ends does not matter.
        }
        return SendResult.Done;
    }

    async Task<SendResult> Sms(Outgoing message, CancellationToken stop)
    {
        if (settings.SmsUrl is not { } url) return SendResult.Later("No provider of SMS is set: SCRIP_SMS_URL");
        if (string.IsNullOrWhiteSpace(message.Phone)) return SendResult.Never("The customer has no phone number");
        var body = Wire.Bytes(new SmsMessage(message.Row.Id, message.Phone, await Templates.Render(message.Channel.Text!, message.Model)));
        (string, string)[] headers = settings.SmsToken is { } token ? [("webhook-id", message.Row.Id), ("Authorization", $"Bearer {token}")] : [("webhook-id", message.Row.Id)];
        return Of(await http.Post(new Uri(url), body, headers, stop));
    }

    async Task<SendResult> Webhook(Outgoing message, CancellationToken stop)
    {
        var body = message.Channel.Payload is { } template
            ? Encoding.UTF8.GetBytes(await Templates.Render(template, message.Model))
            : Wire.Bytes(message.Payload);
        if (!IsJson(body)) return SendResult.Never("The payload's template did not become JSON");
        var headers = (message.Channel.Headers ?? []).Select(pair => (pair.Key, pair.Value)).Append(("webhook-id", message.Row.Id));
        return Of(await http.Post(new Uri(message.Channel.Url!), body, headers, stop));
    }

    static bool IsJson(byte[] body)
    {
        try
        {
            using var parsed = JsonDocument.Parse(body);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static SendResult Of(OutgoingAnswer answer) => answer.IsSuccess ? SendResult.Done : SendResult.Later(answer.Fault ?? $"The receiver answered {answer.Status}");
}

/// <summary>What the provider of SMS is sent.</summary>
public sealed record SmsMessage(string Id, string To, string Text);
