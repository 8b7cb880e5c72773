using System.Text.Json;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Sessions;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Validations;

/// <summary>The body of a stackable validation and of a stackable redemption: they are the same.</summary>
public sealed record StackRequest
{
    public StackOptions? Options { get; init; }
    public RedeemableInput[]? Redeemables { get; init; }
    public OrderInput? Order { get; init; }
    public CustomerInput? Customer { get; init; }
    public SessionInput? Session { get; init; }
    public string? TrackingId { get; init; }
    public JsonElement? Metadata { get; init; }

    /// <summary>True when an answer is to hold the optional part; when no part of the contract is named it holds the orders.</summary>
    public bool Expands(string what) => Options?.Expand is { } list && list.Any(one => one != Trace) ? list.Contains(what) : what == "order";

    /// <summary>True when a server key asks why; keys that may live in a browser are never told.</summary>
    public bool Traces(Call call) => call.Caller.Kind == KeyKind.Server && Options?.Expand?.Contains(Trace) == true;

    const string Trace = "trace";
}

/// <summary>What an answer is to hold.</summary>
public sealed record StackOptions(string[]? Expand);

/// <summary>Something to redeem: a voucher by code or id, or a promotion tier.</summary>
public sealed record RedeemableInput
{
    public string? Object { get; init; }
    public string? Id { get; init; }
    public GiftInput? Gift { get; init; }
    public RewardWish? Reward { get; init; }
}

/// <summary>What the points of a loyalty card are to buy.</summary>
public sealed record RewardWish
{
    /// <summary>The reward.</summary>
    public string? Id { get; init; }
    /// <summary>Its assignment to the campaign of the card, in place of the reward's own id.</summary>
    public string? AssignmentId { get; init; }
    /// <summary>How many points to use; without it as many as the order takes.</summary>
    public long? Points { get; init; }
}

/// <summary>How many gift credits to use, in minor units; without it as many as the order takes.</summary>
public sealed record GiftInput(long? Credits);
