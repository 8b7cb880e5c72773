using System.Data.Common;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Publications;
using Scrip.Server.Features.Rewards;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Referrals;

/// <summary>
/// Gives rewards inside a write: a coupon is a code of its campaign, credits go on the card that the customer has of the
/// campaign, points likewise, and on a new one when it has none. What cannot be given is left, as a failed publication.
/// </summary>
static class Rewarding
{
    const string Channel = "Referral";

    /// <summary>Gives a reward to a customer.</summary>
    public static async Task Give(DbConnection db, Dialect dialect, RewardRow reward, CustomerRow customer, string referralCampaign, long now)
    {
        if (Wire.Read<RewardBody>(reward.Body).Parameters.Campaign is not { Id: { } campaign } given) return;
        var voucher = given.Balance is { } credits
            ? await TopUp(db, dialect, reward.ProjectId, campaign, customer, credits, referralCampaign, now)
            : (await Publish(db, dialect, reward.ProjectId, campaign, customer, joinsOnce: false, referralCampaign, now))?.Id;
        if (voucher is null) return;
        await Happening.Tell(db, reward.ProjectId, EventTypes.CustomerRewarded, customer.Id, new RewardedPayload
        {
            Customer = CustomerView.Short(customer),
            Voucher = new(voucher),
            Campaign = new(referralCampaign),
            Reward = reward.Show(),
        }, now);
    }

    /// <summary>Adds credits to the customer's card of a campaign; answers the card's id, or null when there is none to be had.</summary>
    public static async Task<string?> TopUp(DbConnection db, Dialect dialect, string project, string campaign, CustomerRow customer, long credits, string referralCampaign, long now)
    {
        if (await Publish(db, dialect, project, campaign, customer, joinsOnce: true, referralCampaign, now) is not { GiftAmount: not null } card) return null;
        var move = new CardMove { Amount = credits, Operation = "MANUAL", Source = "API", Reason = "Referral reward" };
        return (await CardMoves.Move(db, card, move, now))?.Card.Id;
    }

    static async Task<VoucherRow?> Publish(DbConnection db, Dialect dialect, string project, string named, CustomerRow customer, bool joinsOnce, string referralCampaign, long now)
    {
        if (await CampaignSql.Find(db, project, named) is not { } campaign) return null;
        var wish = new Wish
        {
            Customer = new InlineCustomer(customer, null),
            Campaign = campaign,
            Channel = Channel,
            Metadata = Wire.Element(new ReferralSource("referral_program", referralCampaign)),
            JoinsOnce = joinsOnce,
        };
        var given = await Publishing.Give(db, dialect, project, wish, now);
        if (given.Refusal is { } refusal)
        {
            await Publishing.Fail(db, project, wish, refusal, now);
            return null;
        }
        var id = Wire.Read<PublicationBody>(given.Publication!.Body).VouchersId[0];
        return (await PublicationSql.Vouchers(db, dialect, project, [id])).FirstOrDefault();
    }
}

/// <summary>What the metadata of a reward's publication tells.</summary>
public sealed record ReferralSource(string SourceType, string SourceId);

/// <summary>What <c>customer.rewarded</c> tells.</summary>
public sealed record RewardedPayload
{
    public required CustomerShort Customer { get; init; }
    public required RewardedThing Voucher { get; init; }
    public required RewardedThing Campaign { get; init; }
    public required Reward Reward { get; init; }
}

/// <summary>Something by its id.</summary>
public sealed record RewardedThing(string Id);
