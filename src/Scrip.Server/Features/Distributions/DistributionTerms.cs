using System.Data.Common;
using Scrip.Engine;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Segments;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Outgoing;

namespace Scrip.Server.Features.Distributions;

/// <summary>Checks what a caller says of a distribution; each fault names its place.</summary>
static class DistributionTerms
{
    public const string Publish = "PUBLISH";
    public const string MessageOnly = "MESSAGE";
    public const string Email = "EMAIL";
    public const string Sms = "SMS";
    public const string Webhook = "WEBHOOK";

    const int ChannelsMax = 5;
    const int HeadersMax = 20;
    const int SubjectMax = 1000;

    static readonly string[] OwnHeaders = ["host", "content-length", "content-type", "connection", "transfer-encoding", "webhook-id"];

    /// <summary>The body with what was sent, checked except for what has to be looked up.</summary>
    public static DistributionBody Merge(DistributionBody old, DistributionInput input, TargetGuard guard)
    {
        var body = new DistributionBody
        {
            Trigger = input.Trigger ?? old.Trigger,
            Audience = input.Audience ?? old.Audience,
            Action = input.Action ?? old.Action,
            Channels = input.Channels ?? old.Channels,
            Limits = input.Limits ?? old.Limits,
        };
        Trigger(body.Trigger);
        var isManual = body.Trigger.Type == Triggers.Manual;
        if (isManual) Audience(body.Audience);
        else if (body.Audience is not null) throw Checks.Wrong("audience", "is for distributions that are sent by hand; others are for the event's customer");
        Action(body.Action);
        if (body.Channels is not { Length: > 0 and <= ChannelsMax }) throw Checks.Wrong("channels", $"must have from 1 to {ChannelsMax} items");
        for (var i = 0; i < body.Channels.Length; i++) Channel(body.Channels[i], $"channels[{i}]", guard);
        Checks.Positive(body.Limits?.PerCustomer, "limits.per_customer");
        Checks.Positive(body.Limits?.PerDay, "limits.per_day");
        Checks.Positive(body.Limits?.Total, "limits.total");
        return body;
    }

    static void Trigger(DistributionTrigger trigger)
    {
        if (trigger.Type is null) throw Checks.Wrong("trigger.type", "is required");
        if (trigger.Type != Triggers.Manual) Checks.OneOf(trigger.Type, "trigger.type", [Triggers.Manual, .. Triggers.Events.Keys]);
        Checks.Text(trigger.SegmentId, "trigger.segment_id");
        Checks.Text(trigger.CampaignId, "trigger.campaign_id");
        Checks.Text(trigger.Event, "trigger.event");
        if (trigger.SegmentId is not null && trigger.Type is not ("SEGMENT_ENTERED" or "SEGMENT_LEFT")) throw Checks.Wrong("trigger.segment_id", "is for SEGMENT_ENTERED and SEGMENT_LEFT only");
        if (trigger.Event is not null && trigger.Type != "CUSTOM_EVENT") throw Checks.Wrong("trigger.event", "is for CUSTOM_EVENT only");
        if (trigger.CampaignId is not null && trigger.Type is not ("VOUCHER_REDEEMED" or "VOUCHER_ROLLED_BACK" or "GIFT_CREDITS_ADJUSTED" or "POINTS_ADJUSTED" or "REWARD_REDEEMED" or Triggers.Publication))
            throw Checks.Wrong("trigger.campaign_id", "is for triggers about vouchers only");
    }

    static void Audience(DistributionAudience? audience)
    {
        switch (audience?.Type)
        {
            case "ALL":
                break;
            case "SEGMENT":
                if (string.IsNullOrEmpty(Checks.Text(audience.SegmentId, "audience.segment_id"))) throw Checks.Wrong("audience.segment_id", "is required");
                break;
            case "CUSTOMER":
                if (string.IsNullOrEmpty(Checks.Text(audience.Customer, "audience.customer"))) throw Checks.Wrong("audience.customer", "is required");
                break;
            default:
                throw Checks.Wrong("audience.type", "must be one of: ALL, SEGMENT, CUSTOMER");
        }
    }

    static void Action(DistributionAction action)
    {
        if (action.Type is not (Publish or MessageOnly)) throw Checks.Wrong("action.type", $"must be one of: {Publish}, {MessageOnly}");
        Checks.Text(action.CampaignId, "action.campaign_id");
        if (action.Type == Publish && string.IsNullOrEmpty(action.CampaignId)) throw Checks.Wrong("action.campaign_id", "is required");
        if (action.Type == MessageOnly && action.CampaignId is not null) throw Checks.Wrong("action.campaign_id", $"is for {Publish} only");
    }

    static void Channel(DistributionChannel channel, string at, TargetGuard guard)
    {
        switch (channel?.Type)
        {
            case Email:
                Need(channel.Subject, $"{at}.subject", SubjectMax);
                if (channel.Text is null && channel.Html is null) throw Checks.Wrong($"{at}.text", "is required, or html");
                Template(channel.Text, $"{at}.text");
                Template(channel.Html, $"{at}.html");
                break;
            case Sms:
                Need(channel.Text, $"{at}.text", SubjectMax);
                break;
            case Webhook:
                if (guard.UrlFault(channel.Url) is { } fault) throw Checks.Wrong($"{at}.url", fault);
                Headers(channel.Headers ?? [], $"{at}.headers");
                Template(channel.Payload, $"{at}.payload");
                break;
            default:
                throw Checks.Wrong($"{at}.type", $"must be one of: {Email}, {Sms}, {Webhook}");
        }
    }

    static void Need(string? template, string at, int max)
    {
        if (string.IsNullOrEmpty(template)) throw Checks.Wrong(at, "is required");
        Checks.Text(template, at, max);
        Template(template, at);
    }

    static void Template(string? text, string at)
    {
        if (text is not null && Templates.Fault(text) is { } fault) throw Checks.Wrong(at, fault);
    }

    static void Headers(Dictionary<string, string> headers, string at)
    {
        if (headers.Count > HeadersMax) throw Checks.Wrong(at, $"must NOT have more than {HeadersMax} properties");
        foreach (var (name, value) in headers)
        {
            if (name.Length is 0 or > 100 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')) throw Checks.Wrong(at, $"has the name '{name}', which is no header");
            if (OwnHeaders.Contains(name.ToLowerInvariant())) throw Checks.Wrong($"{at}.{name}", "cannot be set");
            if (value is null || value.Length > 2000 || value.Any(letter => letter is < ' ' or > '~')) throw Checks.Wrong($"{at}.{name}", "must be printable ASCII of at most 2000 characters");
        }
    }

    /// <summary>Looks up what a checked body names, and answers it with ids in place of names.</summary>
    /// <exception cref="ApiFault">Something does not exist in the project.</exception>
    public static async Task<DistributionBody> Bind(DbConnection db, string project, DistributionBody body)
    {
        if (body.Audience is { Type: "CUSTOMER", Customer: { } customer } && await CustomerSql.Find(db, project, customer) is null) throw new ApiFault(Refusals.Missing("customer", customer));
        foreach (var segment in new[] { body.Trigger.SegmentId, body.Audience?.SegmentId }.OfType<string>())
            if (await SegmentSql.Find(db, project, segment) is null) throw new ApiFault(Refusals.Missing("segment", segment));
        if (body.Trigger.CampaignId is { } about) body = body with { Trigger = body.Trigger with { CampaignId = (await Campaign(db, project, about)).Id } };
        if (body.Action.CampaignId is not { } named) return body;
        var campaign = await Campaign(db, project, named);
        if (campaign.CampaignType == CampaignTypes.Promotion) throw Checks.Wrong("action.campaign_id", "names a PROMOTION campaign, which has no codes");
        return body with { Action = body.Action with { CampaignId = campaign.Id } };
    }

    static async Task<CampaignRow> Campaign(DbConnection db, string project, string named) =>
        await CampaignSql.Find(db, project, named) ?? throw new ApiFault(Refusals.Missing("campaign", named));
}
