using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using Scrip.Engine;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Loyalties;

/// <summary>Points of members: put on a card or taken off by hand, moved between cards, and what moved.</summary>
static class PointsApi
{
    const int TransfersMax = 100;

    public static void Map(Api v1)
    {
        v1.Post<PointsInput, CardBalance>("/v1/loyalties/{campaignId}/members/{memberId}/balance", "update-loyalty-card-balance-1", Change);
        v1.Post<PointsInput, CardBalance>("/v1/loyalties/members/{memberId}/balance", "update-loyalty-card-balance", Change);
        v1.Post<PointsTransfer[], JsonElement>("/v1/loyalties/{campaignId}/members/{memberId}/transfers", "transfer-points", Transfer);
        v1.List("/v1/loyalties/{campaignId}/transactions", "list-loyalty-campaign-transactions", OfProgram);
        v1.List("/v1/loyalties/{campaignId}/members/{memberId}/transactions", "list-loyalty-card-transactions-1", OfMember);
        v1.List("/v1/loyalties/members/{memberId}/transactions", "list-loyalty-card-transactions", OfMember);
    }

    static Task<CardBalance> Change(PointsInput input, Call call)
    {
        var life = Life(input, call);
        return BalanceApi.Change(new() { Amount = input.Points, SourceId = input.SourceId, Reason = input.Reason }, call, db => Members.Find(db, call), "points", life);
    }

    static PointsLife Life(PointsInput input, Call call)
    {
        const string OnDate = "CUSTOM_DATE";
        var type = Checks.OneOf(input.ExpirationType, "expiration_type", "PROGRAM_RULES", OnDate, "NON_EXPIRING");
        if (type != OnDate)
        {
            if (!string.IsNullOrEmpty(input.ExpirationDate)) throw Checks.Wrong("expiration_date", $"is for the expiration_type {OnDate} only");
            return type == "NON_EXPIRING" ? PointsLife.Endless : PointsLife.ByCampaign;
        }
        // A moment counts by its day.
        var day = PointsLife.Day(input.ExpirationDate) ?? (Moment.TryParse(input.ExpirationDate ?? "", out var moment) ? Instant.FromUnixTimeMilliseconds(moment.Ms).InUtc().Date
            : throw Checks.Wrong("expiration_date", "must be a date, such as 2030-12-31"));
        if (day < Instant.FromUnixTimeMilliseconds(call.Now).InUtc().Date) throw Checks.Wrong("expiration_date", "must not be over");
        return new() { On = day };
    }

    static async Task<JsonElement> Transfer(PointsTransfer[] transfers, Call call)
    {
        if (transfers.Length is 0 or > TransfersMax) throw Checks.Wrong("", $"must have from 1 to {TransfersMax} items");
        for (var i = 0; i < transfers.Length; i++)
        {
            var one = transfers[i] ?? throw Checks.Wrong($"[{i}]", "must be object");
            if (Checks.Text(one.Code, $"[{i}].code") is null) throw Checks.Wrong($"[{i}].code", "is required");
            if (one.Points is null) throw Checks.Wrong($"[{i}].points", "is required");
            Checks.Positive(one.Points, $"[{i}].points");
            if (one.Points > Money.Max) throw Checks.Wrong($"[{i}].points", $"must be <= {Money.Max}");
            Checks.Text(one.Reason, $"[{i}].reason", 2000);
            Checks.Text(one.SourceId, $"[{i}].source_id");
        }
        var links = await call.Need<AssetSecret>().Links(call);
        return await call.Commit(async db =>
        {
            var (to, sources) = await Cards(db, transfers, call);
            foreach (var (one, i) in transfers.Select((one, i) => (one, i)))
            {
                var from = sources[i];
                var move = new CardMove { Amount = one.Points!.Value, Operation = "MANUAL", Source = call.Source, SourceId = one.SourceId, Reason = one.Reason };
                if (await CardMoves.Transfer(db, from, to, move, call.Now, call.EventSource) is null)
                    throw new ApiFault(Refusals.LoyaltyCardPointsExceeded.With($"{one.Points} points cannot be moved from the card {from.Code} to {to.Code}: the one has too few, or the other would hold too many"));
            }
            return WithNulls(await MemberApi.Show(db, call, await Members.Find(db, call), links));
        });
    }

    // This answer has null where others leave a field out.
    static JsonElement WithNulls(Voucher card)
    {
        var told = JsonNode.Parse(Wire.Text(card))!.AsObject();
        foreach (var name in new[] { "category", "category_id", "start_date", "expiration_date", "validity_timeframe", "validity_day_of_week", "additional_info" }) told.TryAdd(name, null);
        told["redemption"]!.AsObject().TryAdd("quantity", null);
        return Wire.Read<JsonElement>(told.ToJsonString(Wire.Options));
    }

    // Both sides have holders. All rows are locked in one order, or two transfers could wait for each other.
    static async Task<(VoucherRow To, VoucherRow[] Sources)> Cards(DbConnection db, PointsTransfer[] transfers, Call call)
    {
        var to = Held(await Members.Find(db, call));
        var sources = new VoucherRow[transfers.Length];
        for (var i = 0; i < sources.Length; i++)
        {
            var code = transfers[i].Code!;
            var from = await VoucherSql.Find(db, call.ProjectId, code);
            if (from is not { Type: VoucherTypes.Loyalty }) throw new ApiFault(Refusals.Missing("voucher", code));
            if (from.Id == to.Id) throw Checks.Wrong($"[{i}].code", "is the card that the points are to go to");
            sources[i] = Held(from);
        }
        foreach (var id in sources.Append(to).Select(card => card.Id).Distinct().Order(StringComparer.Ordinal))
            await VoucherSql.FindForUpdate(db, call.ProjectId, id, call.Db.Dialect);
        return (to, sources);
    }

    static VoucherRow Held(VoucherRow card) => card.HolderId is not null ? card
        : throw new ApiFault(Refusals.NotPublished.With($"The card {card.Code} has no holder; points move between cards of customers only"));

    static Task<ListOf<Transaction>> OfProgram(Call call)
    {
        var page = BalanceApi.OfCampaign(call);
        return call.Db.Read(async db => await page(db, (await Members.Program(db, call)).Id));
    }

    static Task<ListOf<Transaction>> OfMember(Call call)
    {
        var page = BalanceApi.OfCard(call);
        return call.Db.Read(async db => await page(db, (await Members.Find(db, call)).Id));
    }
}

/// <summary>A change of a card's points.</summary>
public sealed record PointsInput
{
    /// <summary>Below zero takes off.</summary>
    public long? Points { get; init; }
    public string? ExpirationType { get; init; }
    public string? ExpirationDate { get; init; }
    public string? Reason { get; init; }
    public string? SourceId { get; init; }
}

/// <summary>Points that are to come from another card.</summary>
public sealed record PointsTransfer
{
    /// <summary>The card that loses them.</summary>
    public string? Code { get; init; }
    public long? Points { get; init; }
    public string? Reason { get; init; }
    public string? SourceId { get; init; }
}
