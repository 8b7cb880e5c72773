using System.Data.Common;
using Dapper;
using NodaTime;
using NodaTime.Text;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.LoyaltyTiers;
using Scrip.Server.Features.PendingPoints;
using Scrip.Server.Features.Publications;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.EarningRules;

/// <summary>Gives the points of one rule to a customer inside a write: on the card, or as points that wait.</summary>
sealed class Awarding(DbConnection db, Dialect dialect, EarningRuleRow rule, CampaignRow campaign, CustomerRow customer, Occasion occasion, long now)
{
    const string Source = "Automation";

    /// <summary>Gives them, unless the same cause earned by the rule before or there is no card that can take them.</summary>
    /// <param name="points">Above 0.</param>
    /// <param name="zone">The project's time zone.</param>
    /// <param name="named">The card that is to have them; null for the customer's card of the campaign.</param>
    public async Task Give(long points, DateTimeZone zone, VoucherRow? named)
    {
        // One after the other, or two events of one customer would both find no card.
        await CustomerSql.Lock(db, customer);
        if ((named ?? await Held(db, rule.ProjectId, campaign.Id, customer.Id) ?? await Join()) is not { } card || !IsOpen(card, zone)) return;
        if (await ByTier(card, points) is not (> 0 and var given)) return;
        if (!await EarningRuleSql.Earn(db, rule, occasion.Cause, customer.Id, card.Id, given, now)) return;
        if (rule.Content.PendingPoints?.PeriodValue is { } days && occasion.Order is not null) await Wait(card, given, days, zone);
        else await Add(card, given);
    }

    // What the tier of the card makes of the points of this rule.
    async Task<long> ByTier(VoucherRow card, long points) =>
        await LoyaltyTierSql.Member(db, rule.ProjectId, card.Id) is { } member && await LoyaltyTierSql.Find(db, rule.ProjectId, rule.CampaignId, member.TierId) is { } tier
            ? tier.Earned(rule.Id, points)
            : points;

    /// <summary>The customer's card of a campaign; one that is switched on counts first.</summary>
    public static Task<VoucherRow?> Held(DbConnection db, string project, string campaign, string customer) => db.QueryFirstOrDefaultAsync<VoucherRow>($"""
        SELECT {VoucherSql.Columns} FROM vouchers
        WHERE project_id = @project AND holder_id = @customer AND campaign_id = @campaign AND type = 'LOYALTY_CARD' AND deleted_at IS NULL
        ORDER BY active DESC, created_at, id LIMIT 1
        """, new { project, campaign, customer });

    /// <summary>Whether the card can take points at the moment.</summary>
    bool IsOpen(VoucherRow card, DateTimeZone zone) =>
        EarningScene.IsOpen(new(card.Active, card.StartsAt, card.ExpiresAt), now, zone);

    // The first card of who joins by earning; who had one and lost it gets no other where one joins once.
    async Task<VoucherRow?> Join()
    {
        if (!Wire.Read<CampaignBody>(campaign.Body).AutoJoin) return null;
        var wish = new Wish { Customer = new InlineCustomer(customer, null), Campaign = campaign, Channel = Source };
        var given = await Publishing.Give(db, dialect, rule.ProjectId, wish, now);
        if (given.Refusal is { } refusal) await Publishing.Fail(db, rule.ProjectId, wish, refusal, now);
        return given.Refusal is null ? given.Vouchers[0] : null;
    }

    async Task Add(VoucherRow card, long points)
    {
        var move = new CardMove
        {
            Amount = points,
            Operation = PendingMoves.Automatic,
            Source = Source,
            Reason = rule.Content.Banner,
            Type = TransactionTypes.Accrual,
            Life = PointsLife.By(rule.Content.ExpirationRules),
            Details = new TransactionDetails
            {
                Balance = CardBalance.Of(card, points, PendingMoves.Automatic),
                Order = occasion.Order is { } order ? new NamedOrder(order.Id!, order.SourceId ?? "") : null,
                Event = new NamedEvent(occasion.Event.Id, occasion.Event.Type),
                EarningRule = rule.Named(),
                Segment = occasion.Segment,
                CustomEvent = occasion.CustomEvent,
                EventSchema = occasion.Schema,
            },
        };
        // A card that is as full as can be stays as it is.
        if (await CardMoves.Move(db, card, move, now) is not { } moved) return;
        var shown = CustomerView.Short(customer);
        await Happening.Tell(db, rule.ProjectId, EventTypes.CustomerRewardedPoints, customer.Id, new EarnedTold
        {
            Customer = shown,
            Holder = shown,
            Voucher = new(card.Id),
            Campaign = new(campaign.Id),
            EarningRule = rule.Show(),
            Balance = moved.Balance,
            Order = occasion.Order,
            Event = occasion.Event,
        }, now);
    }

    // Until the beginning of the day that is so many days after that of the event, by the project's calendar.
    Task Wait(VoucherRow card, long points, long days, DateTimeZone zone)
    {
        var day = Instant.FromUnixTimeMilliseconds(occasion.Event.CreatedAt.Ms).InZone(zone).Date.PlusDays((int)days);
        var (order, details) = (occasion.Order!, occasion.Event);
        return PendingMoves.Add(db, new PendingRow
        {
            ProjectId = rule.ProjectId,
            Id = Ids.New("lopp_", now),
            VoucherId = card.Id,
            CampaignId = campaign.Id,
            CustomerId = customer.Id,
            OrderId = order.Id!,
            Points = points,
            ActivatesAt = zone.AtStartOfDay(day).ToInstant().ToUnixTimeMilliseconds(),
            CreatedAt = now,
            Body = Wire.Text(new PendingBody(LocalDatePattern.Iso.Format(day), new PendingDetails
            {
                Event = details,
                EarningRule = rule.Named(),
                Order = new PendingOrder(order.Id!, order.SourceId),
            })
            { ExpirationRules = rule.Content.ExpirationRules }),
        }, order, now);
    }
}
