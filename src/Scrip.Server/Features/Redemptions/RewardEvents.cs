using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Publications;
using Scrip.Server.Features.Rewards;
using Scrip.Server.Features.Snapshots;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Redemptions;

/// <summary>Tells that points bought a reward, and that the reward was taken back. Cards and campaigns are added later.</summary>
static class RewardEvents
{
    /// <summary>A reward was bought: made, waiting where a product has to be handed over, and done.</summary>
    public static void Redeemed(Batch batch, Call call, Redemption entry, RedeemedReward reward, VoucherRow card, GivenReward? given, ProjectSnapshot project)
    {
        var told = Told(entry, reward, card, project);
        batch.Tell(call, EventTypes.RewardRedemptionCreated, card.HolderId, told.In("CREATED"));
        if (reward.Type == RewardTerms.Material) batch.Tell(call, EventTypes.RewardRedemptionPending, card.HolderId, told.In("PENDING"));
        batch.Tell(call, EventTypes.RewardRedemptionCompleted, card.HolderId, told.In("COMPLETED") with { Publication = given?.Publication });
        batch.Tell(call, EventTypes.CustomerRewarded, card.HolderId, told with { Voucher = new(reward.Voucher?.Id ?? card.Id) });
    }

    /// <summary>The points came back.</summary>
    public static void RolledBack(Batch batch, Call call, Redemption redeemed, RedeemedReward reward, VoucherRow card, ProjectSnapshot project)
    {
        var told = Told(redeemed, reward, card, project).In("ROLLEDBACK");
        batch.Tell(call, EventTypes.RewardRedemptionRolledBack, card.HolderId, told with { RewardRedemption = told.RewardRedemption! with { UpdatedAt = new(call.Now) } });
    }

    static RewardRedemptionTold Told(Redemption entry, RedeemedReward reward, VoucherRow card, ProjectSnapshot project) => new()
    {
        Customer = entry.Customer,
        Holder = entry.Customer,
        Voucher = new(card.Id),
        Campaign = new(card.CampaignId!),
        RewardAssignment = project.Rewards.GetValueOrDefault(reward.Id)?.Assignments.GetValueOrDefault(card.CampaignId!),
        Source = new(entry.Id),
        RedeemedAt = entry.Date,
        Reward = new RewardTold
        {
            Id = reward.Id,
            Name = reward.Name,
            Type = reward.Type,
            AssignmentId = reward.AssignmentId,
            Parameters = reward.Parameters.AsParameters(),
            Metadata = reward.Metadata,
            CreatedAt = reward.CreatedAt,
            UpdatedAt = reward.UpdatedAt,
            Voucher = reward.Voucher is { } code ? new(code.Id) : null,
            Product = reward.Product,
            Sku = reward.Sku,
        },
    };
}

/// <summary>What <c>customer.reward_redemptions.…</c> and, of points, <c>customer.rewarded</c> tell.</summary>
public sealed record RewardRedemptionTold
{
    public CustomerShort? Customer { get; init; }
    public CustomerShort? Holder { get; init; }
    /// <summary>The card that paid; <c>customer.rewarded</c> tells the code that was given, if there is one.</summary>
    public required NamedObject Voucher { get; init; }
    public required NamedObject Campaign { get; init; }
    public RewardRedemption? RewardRedemption { get; init; }
    public required RewardTold Reward { get; init; }
    public RewardAssignment? RewardAssignment { get; init; }
    public required RewardSource Source { get; init; }
    [JsonIgnore] public Moment RedeemedAt { get; init; }
    /// <summary>How a code was given.</summary>
    public Publication? Publication { get; init; }

    internal RewardRedemptionTold In(string state) => this with
    {
        RewardRedemption = new()
        {
            // One for each redemption, so its id follows from that.
            Id = "rewr_" + Source.Id[(Source.Id.IndexOf('_', StringComparison.Ordinal) + 1)..],
            State = state,
            CreatedAt = RedeemedAt,
            VoucherId = Voucher.Id,
            CampaignId = Campaign.Id,
            CustomerId = Holder?.Id,
            RewardAssignmentId = Reward.AssignmentId,
            SourceId = Source.Id,
        },
    };
}

/// <summary>How far buying a reward has come: CREATED, PENDING, COMPLETED or ROLLEDBACK.</summary>
public sealed record RewardRedemption
{
    public required string Id { get; init; }
    public required string State { get; init; }
    public Moment? CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
    public required string VoucherId { get; init; }
    public required string CampaignId { get; init; }
    public string? CustomerId { get; init; }
    public string? RewardAssignmentId { get; init; }
    public required string SourceId { get; init; }
    public string SourceType => "redemption";
}

/// <summary>The redemption that bought a reward.</summary>
public sealed record RewardSource(string Id)
{
    public string Type => "redemption";
}

/// <summary>A reward as events tell it, with what it gave.</summary>
public sealed record RewardTold
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Type { get; init; }
    public string? AssignmentId { get; init; }
    public required RewardParameters Parameters { get; init; }
    public required JsonElement Metadata { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
    public NamedObject? Voucher { get; init; }
    public JsonElement? Product { get; init; }
    public JsonElement? Sku { get; init; }
    public string Object => "reward";
}
