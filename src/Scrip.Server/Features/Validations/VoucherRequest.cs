using System.Text.Json;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Sessions;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Validations;

/// <summary>The body of the older endpoints for one voucher, which the path names.</summary>
public sealed record VoucherRequest
{
    public StackOptions? Options { get; init; }
    public GiftInput? Gift { get; init; }
    public RewardWish? Reward { get; init; }
    public OrderInput? Order { get; init; }
    public CustomerInput? Customer { get; init; }
    public SessionInput? Session { get; init; }
    public string? TrackingId { get; init; }
    public JsonElement? Metadata { get; init; }

    /// <summary>The same as a stack of one. The tracking id may come in the query, too.</summary>
    public StackRequest AsStack(Call call) => new()
    {
        Options = Options,
        Redeemables = [new() { Object = "voucher", Id = call.Route("code"), Gift = Gift, Reward = Reward }],
        Order = Order,
        Customer = Customer,
        Session = Session,
        TrackingId = TrackingId ?? call.Query["tracking_id"].ToString(),
        Metadata = Metadata,
    };
}
