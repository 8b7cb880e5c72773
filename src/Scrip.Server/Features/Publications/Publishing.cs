using System.Data.Common;
using System.Text.Json;
using NodaTime;
using Scrip.Engine;
using Scrip.Engine.Redeeming;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Publications;

/// <summary>What is to be published, with everything it names found.</summary>
sealed record Wish
{
    /// <summary>The customer, who is known or is written along.</summary>
    public required InlineCustomer Customer { get; init; }
    /// <summary>Where the codes come from; null for a code without a campaign.</summary>
    public CampaignRow? Campaign { get; init; }
    /// <summary>The code itself; null for the next free one of the campaign.</summary>
    public VoucherRow? Voucher { get; init; }
    public long Count { get; init; } = 1;
    public string? SourceId { get; init; }
    public JsonElement? Metadata { get; init; }
    public required string Channel { get; init; }
    /// <summary>Who has a code of the campaign gets the same one again.</summary>
    public bool JoinsOnce { get; init; }
}

/// <summary>What became of a wish: a publication, or why there is none.</summary>
sealed record Given(PublicationRow? Publication, IReadOnlyList<VoucherRow> Vouchers, Refusal? Refusal)
{
    /// <summary>True when the publication was there before.</summary>
    public bool IsKnown { get; init; }

    /// <summary>There is none.</summary>
    public static Given No(Refusal refusal) => new(null, [], refusal);
}

/// <summary>
/// Gives codes to customers inside a write. A code is given once. A refusal of a single code has changed nothing but
/// the customer.
/// </summary>
static class Publishing
{
    /// <summary>Gives what is wished for, or says why not.</summary>
    /// <exception cref="LostRace">Another writer changed the customer; nothing of the write may stay.</exception>
    public static async Task<Given> Give(DbConnection db, Dialect dialect, string project, Wish wish, long now)
    {
        var customer = wish.Customer.Row!;
        if (wish.Customer.Write is { } write && !await CustomerSql.Write(db, write)) throw new LostRace();
        if (wish.SourceId is { } source && await PublicationSql.BySource(db, project, source) is { } same)
            return IsSame(same, wish, customer) ? Known(same) : Given.No(Refusals.DuplicateSourceId.With($"Publication with source_id: '{source}' already exists"));
        var body = wish.Campaign is { } campaign ? Wire.Read<CampaignBody>(campaign.Body) : null;
        if (body is { Voucher.Type: null }) return Given.No(Refusals.InvalidPublishParams.With("A PROMOTION campaign has no codes"));
        if (wish.Campaign is { } joined && (wish.JoinsOnce || body!.JoinOnce))
        {
            // One after the other, or two requests of one customer would both find that it has no code yet.
            await CustomerSql.Lock(db, customer);
            if (await PublicationSql.FirstOf(db, project, joined.Id, customer.Id) is { } first)
                return wish.JoinsOnce ? Known(first)
                    : Given.No(Refusals.VoucherCannotBePublished.With("Voucher cannot be published. Customer already joined program."));
            if (wish.Count > 1) return Given.No(TooMany);
        }
        var taking = new Taking(project, wish.Campaign?.Id, customer.Id, await Until(db, project, body, now), now);
        var (vouchers, refusal) = wish.Voucher is { } voucher ? await One(db, taking, voucher) : await Some(db, dialect, taking, wish, body!);
        if (refusal is not null) return Given.No(refusal);
        vouchers = [.. vouchers.Select(one => one with { CampaignName = wish.Campaign?.Name, CampaignType = wish.Campaign?.CampaignType })];
        var row = Row(project, wish, customer, vouchers, now);
        await PublicationSql.Insert(db, row, vouchers);
        await PublicationEvents.Raise(db, row, customer, wish.Campaign, vouchers, now);
        return new(row, vouchers, null);
    }

    /// <summary>Keeps an attempt that failed.</summary>
    public static async Task Fail(DbConnection db, string project, Wish wish, Refusal refusal, long now)
    {
        if (wish.Customer.Write is { } write) await CustomerSql.Write(db, write);
        await PublicationSql.Insert(db, new PublicationRow
        {
            ProjectId = project,
            Id = Ids.New("pub_", now),
            CustomerId = wish.Customer.Id!,
            CampaignId = wish.Campaign?.Id,
            CampaignName = wish.Campaign?.Name,
            VoucherCode = wish.Voucher?.Code,
            VoucherType = wish.Voucher?.Type,
            IsReferral = wish.Campaign?.CampaignType == CampaignTypes.Referral,
            Channel = wish.Channel,
            Result = PublicationSql.Failure,
            FailureCode = refusal.Key,
            CreatedAt = now,
            Body = Wire.Text(new PublicationBody { Metadata = wish.Metadata, FailureMessage = refusal.Details ?? refusal.Message }),
        }, []);
    }

    /// <summary>More codes than one publication may give.</summary>
    public static Refusal TooMany => Refusals.TooManyVouchersRequested.With("Only up to 1 can be published");

    static Given Known(PublicationRow row) => new(row, [], null) { IsKnown = true };

    static bool IsSame(PublicationRow known, Wish wish, CustomerRow customer) => known.CustomerId == customer.Id
        && (wish.Voucher is { } voucher ? known.VoucherCode == voucher.Code : known.CampaignId == wish.Campaign!.Id);

    // Days, weeks and months are those of the project's calendar.
    static async Task<long?> Until(DbConnection db, string project, CampaignBody? body, long now)
    {
        if (body?.ActivityDurationAfterPublishing is not { } duration) return null;
        var zone = Wire.Read<ProjectBody>((await ProjectSql.Find(db, project))?.Body ?? "{}").Timezone;
        return RepeatingWindow.EndOf(duration, now, DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone ?? "UTC") ?? DateTimeZone.Utc);
    }

    static async Task<(IReadOnlyList<VoucherRow>, Refusal?)> One(DbConnection db, Taking taking, VoucherRow voucher)
    {
        if (!voucher.Active || voucher.ExpiresAt <= taking.Now)
            return ([], Refusals.NoVoucherSuitableForPublication.With($"Voucher {voucher.Code} is not active"));
        return await PublicationSql.TakeOne(db, taking, voucher.Id) is { } taken
            ? ([taken], null)
            : ([], Refusals.VoucherAlreadyPublished.With($"Voucher '{voucher.Id}' has already been published"));
    }

    static async Task<(IReadOnlyList<VoucherRow>, Refusal?)> Some(DbConnection db, Dialect dialect, Taking taking, Wish wish, CampaignBody body)
    {
        var taken = await PublicationSql.Take(db, dialect, taking, wish.Count);
        // What others were about to give may have come free again; whoever waits for them knows.
        if (taken.Count < wish.Count && dialect.SkipLocked.Length > 0)
            taken.AddRange(await PublicationSql.Take(db, dialect, taking, wish.Count - taken.Count, isPatient: true));
        while (taken.Count < wish.Count && body.Type == CampaignTypes.AutoUpdate)
        {
            if (await CampaignVouchers.Grow(db, dialect, taking.Project, wish.Campaign!.Id, taking.Now) is not { } made) break;
            if (await PublicationSql.TakeOne(db, taking, made.Id) is { } one) taken.Add(one);
        }
        return taken.Count == wish.Count
            ? (taken, null)
            : ([], Refusals.NoVoucherSuitableForPublication.With($"Campaign {wish.Campaign!.Name} has {taken.Count} of {wish.Count} codes that can be published"));
    }

    static PublicationRow Row(string project, Wish wish, CustomerRow customer, IReadOnlyList<VoucherRow> vouchers, long now) => new()
    {
        ProjectId = project,
        Id = Ids.New("pub_", now),
        CustomerId = customer.Id,
        CampaignId = wish.Campaign?.Id,
        CampaignName = wish.Campaign?.Name,
        VoucherCode = vouchers.Count == 1 ? vouchers[0].Code : null,
        VoucherType = vouchers[0].Type,
        IsReferral = wish.Campaign?.CampaignType == CampaignTypes.Referral,
        SourceId = wish.SourceId,
        Channel = wish.Channel,
        Result = PublicationSql.Success,
        CreatedAt = now,
        Body = Wire.Text(new PublicationBody
        {
            Metadata = wish.Metadata,
            VouchersId = [.. vouchers.Select(voucher => voucher.Id)],
            Codes = [.. vouchers.Select(voucher => voucher.Code)],
            Voucher = vouchers.Count == 1 ? Listed(vouchers[0], wish.Campaign) : null,
        }),
    };

    static ListedVoucher Listed(VoucherRow voucher, CampaignRow? campaign)
    {
        var body = Wire.Read<VoucherBody>(voucher.Body);
        return new ListedVoucher
        {
            Code = voucher.Code,
            Campaign = campaign?.Name,
            Discount = body.Discount,
            Gift = VoucherView.ShowGift(voucher, body),
            IsReferralCode = campaign?.CampaignType == CampaignTypes.Referral,
        };
    }
}

/// <summary>Rolls an attempt back; look again and do it anew.</summary>
sealed class LostRace : Exception;
