using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Scrip.Engine;
using Scrip.Engine.Redeeming;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Promotions;
using Scrip.Server.Features.Stacking;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Validations;

/// <summary>A decision in the API's words. Redemptions share it for what was left out.</summary>
static class ValidationFlow
{
    public static Validation Show(StackRequest request, StackFacts facts, Decision decision, Call call)
    {
        var answers = Answers(request, facts, decision, call);
        var applicable = answers.Where(answer => answer.Status == "APPLICABLE").ToArray();
        return new Validation
        {
            Id = Ids.New("valid_", call.Now),
            Valid = decision.Valid,
            Redeemables = decision.Valid ? applicable : answers,
            InapplicableRedeemables = Some(answers, "INAPPLICABLE"),
            SkippedRedeemables = Some(answers, "SKIPPED"),
            Order = decision is { Valid: true, Cart: { } cart } ? OrderFlow.Show(cart, Frame(request, facts)) : null,
            TrackingId = TrackingId(request, facts, call.Now),
            StackingRules = StackingRulesView.Of(facts.Decision.Stacking),
        };
    }

    /// <summary>Every outcome in the order in which it was considered, with its trace when the caller asks for it.</summary>
    public static RedeemableAnswer[] Answers(StackRequest request, StackFacts facts, Decision decision, Call call)
    {
        var answers = decision.Outcomes.Select(outcome => Answer(request, facts, outcome, call)).ToArray();
        if (!request.Traces(call)) return answers;
        var traces = TraceView.Of(facts.Decision, decision);
        return [.. answers.Select((answer, i) => answer with { Trace = traces[i] })];
    }

    static RedeemableAnswer[]? Some(RedeemableAnswer[] answers, string status) =>
        answers.Where(answer => answer.Status == status).ToArray() is { Length: > 0 } found ? found : null;

    static RedeemableAnswer Answer(StackRequest request, StackFacts facts, RedeemableOutcome outcome, Call call)
    {
        var (input, _, row, tier) = facts.Of(outcome);
        var expanded = request.Expands("redeemable") && (row is not null || tier is not null);
        var campaignId = row?.CampaignId ?? tier?.CampaignId;
        var answer = new RedeemableAnswer
        {
            Status = outcome.Status switch { RedeemableStatus.Applicable => "APPLICABLE", RedeemableStatus.Skipped => "SKIPPED", _ => "INAPPLICABLE" },
            Id = input.Id!,
            Object = input.Object!,
            Result = Result(outcome, row, tier, call),
            Categories = outcome.Redeemable is Incentive incentive ? facts.Categories(incentive.Category?.Id) : null,
            Metadata = expanded ? tier?.Shown.Metadata ?? Checks.Metadata(row!.Content.Metadata) : null,
            Name = expanded ? tier?.Shown.Name : null,
            CampaignId = expanded ? campaignId : null,
            CampaignName = expanded && campaignId is { } campaign ? facts.Project.Campaign(campaign)?.Name : null,
        };
        return outcome.Status != RedeemableStatus.Applicable ? answer : answer with
        {
            Order = outcome.Cart is { } cart && request.Expands("order") ? OrderFlow.Show(cart, Frame(request, facts)) : null,
            ApplicableTo = TargetList.Included(outcome),
            InapplicableTo = TargetList.Excluded(outcome, facts.Decision.Cart),
        };
    }

    static RedeemableResult Result(RedeemableOutcome outcome, VoucherRow? row, TierSnapshot? tier, Call call) => outcome switch
    {
        { Status: RedeemableStatus.Skipped, Refusal: { } why } => new() { Details = new SkipDetails(why.Key, why.Message) },
        { Refusal: { } why } => new() { Error = ErrorBody.Of(why, call.RequestId) },
        { Points: { } points } => new() { LoyaltyCard = new PointsResult(points) },
        { Credits: { } credits } => new() { Gift = new GiftResult(row!.GiftBalance!.Value - credits, credits) },
        _ => new() { Discount = Discount(tier?.Shown.Action.Discount ?? row!.Content.Discount!, outcome) },
    };

    // A discount that does not say where it lands lands on the products that its rules name, else on the order.
    internal static Discount Discount(Discount stored, RedeemableOutcome outcome) => stored with
    {
        Effect = stored.Effect ?? (stored.Type == "UNIT" ? null : outcome.Targets.NameProducts ? "APPLY_TO_ITEMS" : "APPLY_TO_ORDER"),
        IsDynamic = outcome.Applied?.IsDynamic == true,
    };

    /// <summary>What an order has besides amounts and lines.</summary>
    public static Order Frame(StackRequest request, StackFacts facts) => new()
    {
        Id = facts.Order?.Id,
        SourceId = facts.Order?.SourceId ?? request.Order?.SourceId,
        Status = request.Order?.Status ?? facts.Order?.Status,
        CreatedAt = facts.Order?.CreatedAt,
        UpdatedAt = facts.Order?.UpdatedAt,
        Metadata = OrderFlow.MergedMetadata(facts.Order, request.Order),
        Customer = facts.Customer.Id is { } id ? new ObjectRef(id, "customer") : facts.Order?.Customer,
        CustomerId = facts.Customer.Id ?? facts.Order?.CustomerId,
        Referrer = facts.Order?.Referrer,
        ReferrerId = facts.Order?.ReferrerId,
        Redemptions = facts.Order?.Redemptions,
    };

    /// <summary>The caller's tracking id, else the customer's source id hashed, else a fresh one.</summary>
    public static string TrackingId(StackRequest request, StackFacts facts, long now) =>
        TrackingId(request.TrackingId, facts.Customer.Row?.SourceId ?? request.Customer?.SourceId, now);

    /// <summary>The caller's tracking id, else the customer's source id hashed, else a fresh one.</summary>
    public static string TrackingId(string? sent, string? source, long now)
    {
        if (!string.IsNullOrEmpty(sent)) return sent;
        return source is null
            ? Ids.New("track_", now)
            : "track_" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(source)), 0, 24);
    }
}
