using System.Data;
using System.Data.Common;
using System.Text.Json;
using Scrip.Engine;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Products;
using Scrip.Server.Features.Publications;
using Scrip.Server.Features.Rewards;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Redemptions;

/// <summary>
/// Gives what points buy, in the write that takes the points: both happen or neither. A coupon is a code of its campaign,
/// credits and points go on the card that the customer has of the campaign, or on a new one, and a product comes out of the stock.
/// </summary>
static class RewardGiving
{
    /// <summary>Redeems a decision that gives something; false when another writer was faster, and nothing was written.</summary>
    /// <exception cref="ApiFault">There is nothing left to give.</exception>
    public static async Task<(bool Done, T Answer)> Redeem<T>(RedemptionFlow flow, CustomerRow customer, Call call, Func<RedemptionAnswer, T> told)
    {
        try
        {
            return (true, await call.Commit(async db =>
            {
                foreach (var (card, reward) in flow.Giving.ToArray()) flow.Given[card.Id] = await Give(db, call, reward.Reward, card, customer);
                var answer = told(flow.Redeem());
                await flow.Batch.Run(db);
                return answer;
            }));
        }
        catch (Exception fault) when (fault is DBConcurrencyException or LostRace || call.Db.IsDuplicate(fault) || call.Db.IsDeadlock(fault) || call.Db.IsCheckViolation(fault))
        {
            return (false, default!);
        }
    }

    static async Task<GivenReward> Give(DbConnection db, Call call, Reward reward, VoucherRow card, CustomerRow customer) => reward.Parameters switch
    {
        { Campaign: { Id: { } campaign } given } => await Publish(db, call, reward, campaign, given.Balance, card, customer),
        { Product: { Id: { } product } given } => await Deliver(db, call, reward, product, given.SkuId),
        _ => throw new ApiFault(Refusals.Missing("reward", reward.Id)),
    };

    static async Task<GivenReward> Publish(DbConnection db, Call call, Reward reward, string named, long? balance, VoucherRow card, CustomerRow customer)
    {
        var campaign = await CampaignSql.Find(db, call.ProjectId, named) ?? throw new ApiFault(Refusals.Missing("campaign", named));
        var given = await Publishing.Give(db, call.Db.Dialect, call.ProjectId, new Wish
        {
            Customer = new InlineCustomer(customer, null),
            Campaign = campaign,
            Channel = call.Source,
            Metadata = Wire.Element(new RewardPublication("reward", reward.Id, card.Id)),
            JoinsOnce = balance is not null,
        }, call.Now);
        if (given.Refusal is { } refusal) throw new ApiFault(refusal);
        var id = Wire.Read<PublicationBody>(given.Publication!.Body).VouchersId[0];
        var voucher = (await PublicationSql.Vouchers(db, call.Db.Dialect, call.ProjectId, [id])).FirstOrDefault() ?? throw new ApiFault(Refusals.Missing("voucher", id));
        if (balance is { } amount)
        {
            var move = new CardMove { Amount = amount, Operation = "MANUAL", Source = call.Source, Reason = "Reward" };
            var moved = await CardMoves.Move(db, voucher, move, call.Now, call.EventSource)
                ?? throw new ApiFault(Refusals.InvalidAddBalanceParams.With($"The card {voucher.Code} would hold more than the largest amount"));
            voucher = voucher with { GiftAmount = moved.Card.GiftAmount, GiftBalance = moved.Card.GiftBalance, UpdatedAt = call.Now };
        }
        var shown = await VoucherView.Categorized(db, call, VoucherView.Show(voucher, campaign.Name, null));
        return new() { Voucher = shown, Publication = PublicationView.Show(given.Publication, customer) };
    }

    static async Task<GivenReward> Deliver(DbConnection db, Call call, Reward reward, string named, string? sku)
    {
        var product = await ProductSql.Find(db, call.ProjectId, named) ?? throw new ApiFault(Refusals.Missing("product", named));
        var unit = sku is null ? null : await ProductSql.FindSku(db, call.ProjectId, sku) ?? throw new ApiFault(Refusals.Missing("sku", sku));
        if (!await RewardSql.TakeUnit(db, call.ProjectId, reward.Id)) throw new ApiFault(Refusals.Forbidden.With($"The reward {reward.Id} is out of stock"));
        return new() { Product = Wire.Element(ProductApi.Show(product)), Sku = unit is null ? null : Wire.Element(SkuApi.Show(unit)) };
    }
}

/// <summary>What a reward gave.</summary>
public sealed record GivenReward
{
    /// <summary>The code, or the card that was topped up.</summary>
    public Voucher? Voucher { get; init; }

    /// <summary>How it was given.</summary>
    public Publication? Publication { get; init; }

    public JsonElement? Product { get; init; }

    public JsonElement? Sku { get; init; }
}

/// <summary>What the metadata of a reward's publication tells.</summary>
public sealed record RewardPublication(string SourceType, string SourceId, string VoucherId);
