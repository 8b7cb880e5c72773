using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Engine;
using Scrip.Engine.Redeeming;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Sessions;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Validations;

/// <summary>The answer of the older validation of one voucher: what a valid one is worth, or why it is not valid.</summary>
public sealed record VoucherValidation
{
    public required bool Valid { get; init; }
    public required string Code { get; init; }
    public TargetList? ApplicableTo { get; init; }
    public TargetList? InapplicableTo { get; init; }
    public string? Campaign { get; init; }
    public string? CampaignId { get; init; }
    public required JsonElement Metadata { get; init; }
    public Discount? Discount { get; init; }
    public Gift? Gift { get; init; }
    public PointsCost? Loyalty { get; init; }
    public RewardUse? Reward { get; init; }
    public Order? Order { get; init; }
    public Session? Session { get; init; }
    public Moment? StartDate { get; init; }
    public Moment? ExpirationDate { get; init; }
    public string? Reason { get; init; }
    public ErrorBody? Error { get; init; }
    public string? CustomerId { get; init; }
    public required string TrackingId { get; init; }
}

/// <summary>What a reward costs, in points.</summary>
public sealed record PointsCost([property: JsonPropertyName("points_cost")] long Cost);

/// <summary>The reward that points are to buy.</summary>
public sealed record RewardUse(string Id, string AssignmentId, long? Points);

/// <summary>The older validation: a stack of one, told in its own words.</summary>
static class VoucherValidating
{
    // What the caller forgot is its own fault and ends the request, while a stack tells of it inside a 200.
    static readonly Refusal[] OfRequest =
        [Refusals.MissingOrder, Refusals.MissingAmount, Refusals.InvalidAmount, Refusals.MissingOrderItems, Refusals.MissingOrderItemsAmount, Refusals.InvalidGift];

    public static Task<VoucherValidation> Validate(VoucherRequest request, Call call)
    {
        var stack = request.AsStack(call);
        return Validating.Run(stack, call, (facts, decision, session) => Show(stack, facts, decision, session, call));
    }

    static VoucherValidation Show(StackRequest request, StackFacts facts, Decision decision, Session? session, Call call)
    {
        if (decision.FirstRefusal is { } fault && OfRequest.Any(one => one.Key == fault.Key)) throw new ApiFault(fault);
        var row = facts.Entries[0].Voucher;
        var body = row is null ? null : row.Content;
        var told = new VoucherValidation
        {
            Valid = decision.Valid,
            Code = row?.Code ?? request.Redeemables![0].Id!,
            Metadata = Checks.Metadata(body?.Metadata),
            TrackingId = ValidationFlow.TrackingId(request, facts, call.Now),
        };
        if (decision.FirstRefusal is { } refusal)
            return told with
            {
                Reason = refusal.Message,
                Error = ErrorBody.Of(refusal with { Details = refusal.Details ?? told.Code }, call.RequestId),
                CustomerId = facts.Customer.Stored is null ? null : facts.Customer.Id,
            };
        var stack = ValidationFlow.Show(request, facts, decision, call);
        var one = stack.Redeemables[0];
        return told with
        {
            ApplicableTo = one.ApplicableTo,
            InapplicableTo = one.InapplicableTo,
            Campaign = facts.Project.Campaign(row!.CampaignId)?.Name,
            CampaignId = row.CampaignId,
            Discount = one.Result.Discount,
            Gift = VoucherView.ShowGift(row, body!),
            Loyalty = one.Result.LoyaltyCard is { } used ? new(used.Points) : null,
            Reward = facts.Entries[0].Reward is { } reward ? new(reward.Reward.Id, reward.Assignments[row.CampaignId!].Id, one.Result.LoyaltyCard?.Points) : null,
            Order = stack.Order,
            Session = session,
            StartDate = Moment.From(row.StartsAt),
            ExpirationDate = Moment.From(row.ExpiresAt),
        };
    }
}
