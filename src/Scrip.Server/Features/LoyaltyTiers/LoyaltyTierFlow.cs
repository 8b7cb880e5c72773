using System.Data.Common;
using Dapper;
using NodaTime;
using Scrip.Engine.Points;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.LoyaltyTiers;

/// <summary>
/// Moves cards between tiers by their points, inside a write, and tells of it. Every move is guarded by the membership it was
/// decided on, so that of two that decide at once one does it.
/// </summary>
static class LoyaltyTierFlow
{
    const int AttemptsMax = 3;

    /// <summary>Looks at cards; those of campaigns without tiers, and without a holder, are in none.</summary>
    public static async Task Look(DbConnection db, Dialect dialect, string project, IReadOnlyCollection<string> cards, long now)
    {
        if (cards.Count == 0) return;
        var rows = (await db.QueryAsync<VoucherRow>($"""
            SELECT * FROM vouchers WHERE project_id = @project AND {dialect.Among("id", "@cards")} AND deleted_at IS NULL
                AND campaign_id IN (SELECT campaign_id FROM loyalty_tiers WHERE project_id = @project)
            ORDER BY id
            """, new { project, cards = dialect.Texts(cards) })).AsList();
        if (rows.Count == 0) return;
        var today = PointBuckets.Today(await ZoneOf(db, project), now);
        foreach (var campaign in rows.GroupBy(row => row.CampaignId!))
        {
            if (await CampaignSql.Find(db, project, campaign.Key) is not { } found) continue;
            var tiers = await LoyaltyTierSql.OfCampaign(db, project, found.Id);
            var keeps = Wire.Read<CampaignBody>(found.Body).LoyaltyTiersExpiration?.Keeps();
            foreach (var card in campaign) await Look(db, card, tiers, keeps, today, now);
        }
    }

    static async Task<DateTimeZone> ZoneOf(DbConnection db, string project) =>
        (await ProjectSql.Find(db, project) is { } row && Wire.Read<ProjectBody>(row.Body).Timezone is { } name ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) : null) ?? DateTimeZone.Utc;

    static async Task Look(DbConnection db, VoucherRow card, List<LoyaltyTierRow> tiers, ExpirationRules? keeps, LocalDate today, long now)
    {
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            var member = await LoyaltyTierSql.Member(db, card.ProjectId, card.Id);
            if (card.HolderId is not { } holder || await CustomerSql.Find(db, card.ProjectId, holder) is not { } customer)
            {
                if (member is not null) await LoyaltyTierSql.Leave(db, member);
                return;
            }
            // Who gets the card of somebody else begins anew.
            if (member is not null && member.CustomerId != holder)
            {
                await LoyaltyTierSql.Leave(db, member);
                continue;
            }
            var before = new TierStanding(member?.TierId, PointsLife.Day(member?.LastDay));
            var (move, after) = TierLadder.Decide([.. tiers.Select(tier => tier.Step)], card.GiftBalance ?? 0, before, keeps, today);
            if (move == TierMove.None) return;
            if (!await Write(db, card, customer, member, move, after, today, now)) continue;
            await Tell(db, card, customer, tiers, before.TierId, after.TierId, move, now);
            return;
        }
        throw new InvalidOperationException($"The tier of card {card.Id} changed each time it was looked at");
    }

    static Task<bool> Write(DbConnection db, VoucherRow card, CustomerRow customer, TierMemberRow? member, TierMove move, TierStanding after, LocalDate today, long now)
    {
        if (after.TierId is null) return LoyaltyTierSql.Leave(db, member!);
        var row = new TierMemberRow
        {
            ProjectId = card.ProjectId,
            VoucherId = card.Id,
            CampaignId = card.CampaignId!,
            CustomerId = customer.Id,
            TierId = after.TierId,
            SinceDay = move == TierMove.Prolonged ? member!.SinceDay : PointsLife.Text(today),
            LastDay = after.LastDay is { } day ? PointsLife.Text(day) : null,
            CreatedAt = member?.CreatedAt ?? now,
            UpdatedAt = now,
        };
        return member is null ? LoyaltyTierSql.Join(db, row) : LoyaltyTierSql.Change(db, member, row);
    }

    static Task Tell(DbConnection db, VoucherRow card, CustomerRow customer, List<LoyaltyTierRow> tiers, string? from, string? to, TierMove move, long now)
    {
        LoyaltyTier? Shown(string? id) => tiers.Find(tier => tier.Id == id)?.Show();
        var isBetween = move is TierMove.Upgraded or TierMove.Downgraded;
        return Happening.Tell(db, card.ProjectId, move switch
        {
            TierMove.Joined => EventTypes.LoyaltyTierJoined,
            TierMove.Left => EventTypes.LoyaltyTierLeft,
            TierMove.Upgraded => EventTypes.LoyaltyTierUpgraded,
            TierMove.Downgraded => EventTypes.LoyaltyTierDowngraded,
            _ => EventTypes.LoyaltyTierProlonged,
        }, customer.Id, new MembershipTold
        {
            Customer = CustomerView.Short(customer),
            Campaign = new(card.CampaignId!),
            LoyaltyTier = isBetween ? null : Shown(to ?? from),
            LoyaltyTierFrom = isBetween ? Shown(from) : null,
            LoyaltyTierTo = isBetween ? Shown(to) : null,
            CreatedAt = new(now),
        }, now);
    }
}
