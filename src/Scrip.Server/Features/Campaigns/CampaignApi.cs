using System.Data.Common;
using Scrip.Engine;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.TrashBin;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Campaigns;

/// <summary>Campaigns: vouchers with terms in common. A path names them by id or by name.</summary>
static class CampaignApi
{
    static readonly ListSpec Campaigns = new("campaigns", new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["updated_at"] = ("updated_at", ColumnKind.Moment),
        ["id"] = ("id", ColumnKind.Text),
        ["campaigns_id"] = ("id", ColumnKind.Text),
        ["name"] = ("name", ColumnKind.Text),
        ["campaigns"] = ("name", ColumnKind.Text),
        ["campaign_type"] = ("campaign_type", ColumnKind.Text),
        ["campaign_status"] = ("creation_status", ColumnKind.Text),
        ["type"] = ("body.type", ColumnKind.Text),
        ["category"] = ("body.category", ColumnKind.Text),
        ["category_id"] = ("category_id", ColumnKind.Text),
        ["start_date"] = ("starts_at", ColumnKind.Moment),
        ["expiration_date"] = ("expires_at", ColumnKind.Moment),
        ["vouchers_count"] = ("vouchers_count", ColumnKind.Whole),
    }, ["created_at", "updated_at"])
    { Special = Special };

    public static void Map(Api v1, PromotionDoor door)
    {
        v1.List("/v1/campaigns", "list-campaigns", call => List(call, door));
        v1.Post<CampaignInput, Campaign>("/v1/campaigns", "create-campaign", (input, call) => Create(input, call, door));
        v1.Get("/v1/campaigns/{campaignId}", "get-campaign", call => call.Db.Read(async db => await Show(db, call, await Find(db, call), door)));
        v1.Put<CampaignInput, Campaign>("/v1/campaigns/{campaignId}", "update-campaign", (input, call) => Update(input, call, door));
        v1.Delete("/v1/campaigns/{campaignId}", "delete-campaign", call => Delete(call, door));
        v1.Post("/v1/campaigns/{campaignId}/enable", "enable-campaign", call => Switch(call, true, door));
        v1.Post("/v1/campaigns/{campaignId}/disable", "disable-campaign", call => Switch(call, false, door));
        v1.Get("/v1/campaigns/{campaignId}/summary", "get-campaign-summary", CampaignSummaries.Get);
        v1.List("/v1/campaigns/{campaignId}/transactions", "list-campaign-transactions", Transactions);
        CampaignVouchers.Map(v1);
        CampaignImports.Map(v1);
    }

    /// <summary>The campaign that the path names.</summary>
    public static async Task<CampaignRow> Find(DbConnection db, Call call, string ending = "")
    {
        var id = call.Route("campaignId");
        return await CampaignSql.Find(db, call.ProjectId, id, ending) ?? throw new ApiFault(Refusals.Missing("campaign", id));
    }

    /// <summary>The list, or that of the campaigns of one type.</summary>
    internal static async Task<ListOf<Campaign>> List(Call call, PromotionDoor door, string? only = null)
    {
        var list = ListQuery.Read(call, Campaigns).Where("deleted_at IS NULL")
            .WhereIs("campaign_type", only).WhereIs("campaign_type", call.Query["campaign_type"]).WhereIs("creation_status", call.Query["campaign_status"]);
        if (call.Flag("is_referral_code")) list.Where("campaign_type = 'REFERRAL_PROGRAM'");
        // A list holds the objects of categories only when it is asked for them.
        var expand = call.Query["expand"].ToString() is "category" or "categories";
        return await call.Db.Read(async db =>
        {
            var (rows, total) = await list.RowsAndTotal<CampaignRow>(db);
            var shown = new List<Campaign>(rows.Count);
            foreach (var row in rows) shown.Add(await WithTiers(db, row, door));
            return new ListOf<Campaign>("campaigns", expand ? await Categorized(db, call, shown) : shown) { Total = total };
        });
    }

    /// <summary>The campaign with the category that its id names and the rules it is assigned to.</summary>
    internal static async Task<Campaign> Categorized(DbConnection db, Call call, Campaign campaign) => (await Categorized(db, call, [campaign]))[0];

    static async Task<List<Campaign>> Categorized(DbConnection db, Call call, List<Campaign> campaigns)
    {
        var ids = campaigns.Select(campaign => campaign.CategoryId).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        var known = (await CategorySql.Among(db, call.Db.Dialect, call.ProjectId, ids)).ToDictionary(row => row.Id, row => row.Show());
        var rules = await AssignmentSql.Of(db, call.Db.Dialect, call.ProjectId, [.. campaigns.Select(campaign => campaign.Id)]);
        return campaigns.ConvertAll(campaign => campaign with
        {
            Categories = campaign.CategoryId is { } id && known.TryGetValue(id, out var category) ? [category] : [],
            ValidationRulesAssignments = AssignmentSql.List(rules, campaign.Id),
        });
    }

    internal static async Task<Campaign> Show(DbConnection db, Call call, CampaignRow row, PromotionDoor door) => await Categorized(db, call, await WithTiers(db, row, door));

    static async Task<Campaign> WithTiers(DbConnection db, CampaignRow row, PromotionDoor door) => row.CampaignType == CampaignTypes.Promotion
        ? CampaignTerms.Show(row) with { Promotion = await door.Show(db, row) }
        : CampaignTerms.Show(row);

    static string? Special(Call call, string field, string op, string[] values) => (field, op) switch
    {
        ("active", _) => VoucherList.Active(call.Now, op, values[0]),
        ("status", "$active" or "$expired") => VoucherList.Active(call.Now, op, "true"),
        ("status", "$failed") => "creation_status = 'FAILED'",
        ("status", "$in_progress") => "creation_status = 'IN_PROGRESS'",
        ("status", "before_start" or "$before_start") => $"(starts_at IS NOT NULL AND starts_at > {call.Now})",
        ("is_referral_code", "$is" or "$is_not") => (values[0] is "true" or "1") == (op == "$is") ? "campaign_type = 'REFERRAL_PROGRAM'" : "campaign_type <> 'REFERRAL_PROGRAM'",
        _ => null,
    };

    internal static async Task<Campaign> Create(CampaignInput input, Call call, PromotionDoor door)
    {
        var name = Checks.Text(input.Name?.Trim(), "name") ?? throw Checks.Wrong("name", "is required");
        var kind = CampaignTerms.Kind(input);
        CheckPromotion(input, kind);
        var standalone = input.Type == CampaignTypes.Standalone;
        var count = input.VouchersCount ?? (standalone ? 1 : 0);
        if (count is < 0 or > CampaignVouchers.CountMax) throw Checks.Wrong("vouchers_count", $"must be from 0 to {CampaignVouchers.CountMax}");
        if (standalone && count > 1) throw CampaignTerms.Invalid("A STANDALONE campaign has one code");
        Checks.Period(input.StartDate, input.ExpirationDate);
        if (input.ValidationRules is { Length: > 1 }) throw Checks.Wrong("validation_rules", "must NOT have more than 1 items");
        try
        {
            var campaign = await call.Commit(async db => await Add(db, input, name, kind, count, call, door));
            if (count > 1) call.Need<JobQueue>().Wake();
            return campaign;
        }
        catch (Exception fault) when (call.Db.IsDuplicate(fault))
        {
            throw new ApiFault(Refusals.Duplicate("campaign", name, by: "name"));
        }
    }

    static void CheckPromotion(CampaignInput input, string kind)
    {
        if (kind != CampaignTypes.Promotion)
        {
            if (input.Promotion?.Tiers is { Length: > 0 }) throw CampaignTerms.Invalid("Only a PROMOTION campaign has promotion tiers");
            return;
        }
        if (input.Type == CampaignTypes.Standalone || input.VouchersCount > 0) throw CampaignTerms.Invalid("A PROMOTION campaign has no codes");
    }

    static async Task<Campaign> Add(DbConnection db, CampaignInput input, string name, string kind, long count, Call call, PromotionDoor door)
    {
        var body = await CampaignTerms.New(db, input, kind, call);
        await SchemaCheck.Hold(db, call.ProjectId, SchemaOf(body), input.Metadata, isNew: true);
        var category = await CategorySql.Need(db, call.Db.Dialect, call.ProjectId, input.CategoryId);
        if (CampaignVouchers.ConfigOf(body, null).Refuse(count) is { } refusal) throw new ApiFault(refusal);
        var status = count > 1 ? CampaignSql.InProgress : CampaignSql.Done;
        var row = new CampaignRow
        {
            ProjectId = call.ProjectId,
            Id = Ids.New("camp_", call.Now),
            Name = name,
            CampaignType = kind,
            CategoryId = category?.Id,
            Active = input.Active ?? true,
            StartsAt = input.StartDate?.Ms,
            ExpiresAt = input.ExpirationDate?.Ms,
            CreationStatus = status,
            GenerationStatus = status,
            CreatedAt = call.Now,
            Body = Wire.Text(body),
        };
        await CampaignSql.Insert(db, row);
        await AssignmentSql.AddAll(db, call, input.ValidationRules, AssignmentSql.Campaign, row.Id);
        if (count == 1) await CampaignVouchers.AddTo(db, call, row, body, new VoucherInput(), null);
        if (count > 1) await CampaignVouchers.Enqueue(db, call, row.Id, CampaignJobs.Generate, count, null);
        await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Campaign, row.Id);
        if (kind == CampaignTypes.Promotion) await door.Add(db, call, row, input.Promotion?.Tiers ?? []);
        var shown = await Show(db, call, row, door) with { VouchersCount = count == 1 ? 1 : 0 };
        await Happening.Tell(db, call, EventTypes.CampaignCreated, null, new CampaignTold(shown) { CreatedAt = new(call.Now) });
        if (count == 1)
        {
            await Happening.Tell(db, call, EventTypes.GenerationStarted, null, new CodesTold(row.Id, 1));
            await Happening.Tell(db, call, EventTypes.GenerationCompleted, null, new CodesTold(row.Id, 1) { CompletedAt = new(call.Now) });
        }
        return shown;
    }

    internal static async Task<Campaign> Update(CampaignInput input, Call call, PromotionDoor door)
    {
        VoucherTerms.RefuseRules(input.ValidationRules);
        if (input.Promotion?.Tiers is not null) throw CampaignTerms.Invalid("Promotion tiers are changed at /v1/promotions/tiers");
        if (input.Type == CampaignTypes.Standalone) throw CampaignTerms.Invalid("type can change to AUTO_UPDATE or STATIC only");
        var (campaign, started) = (default(Campaign), false);
        campaign = await call.Commit(async db =>
        {
            var row = await Find(db, call, call.Db.Dialect.ForUpdate);
            var before = Wire.Read<CampaignBody>(row.Body);
            if (before.Type == CampaignTypes.Standalone && input.Type is not null) throw CampaignTerms.Invalid("A STANDALONE campaign stays one");
            await SchemaCheck.Hold(db, call.ProjectId, SchemaOf(before), input.Metadata, isNew: false, input.UnsetMetadataFields);
            if (input.ReferralProgram is { } program)
            {
                if (row.CampaignType != CampaignTypes.Referral) throw CampaignTerms.Invalid("Only a REFERRAL_PROGRAM campaign has a referral_program");
                before = before with { ReferralProgram = await ReferralTerms.Read(db, call.ProjectId, program) };
            }
            if (input.LoyaltyTiersExpiration is not null && row.CampaignType != CampaignTypes.Loyalty) throw CampaignTerms.Invalid("Only a LOYALTY_PROGRAM campaign has loyalty_tiers_expiration");
            var after = await Terms(db, CampaignTerms.Merge(before, input, call.Sent), input, call);
            if (call.Sent("category_id")) await CategorySql.Need(db, call.Db.Dialect, call.ProjectId, input.CategoryId);
            var changed = Changed(row, input, after, call);
            await CampaignSql.Update(db, changed);
            started = await EnqueueUpdate(db, call, row, before, after);
            await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Campaign, row.Id);
            var shown = await Show(db, call, changed, door);
            await Happening.Tell(db, call, EventTypes.CampaignUpdated, null, new CampaignTold(shown));
            return shown;
        });
        if (started) call.Need<JobQueue>().Wake();
        return campaign;
    }

    static string SchemaOf(CampaignBody body) => body.UseVoucherMetadataSchema ? SchemaKinds.Voucher : SchemaKinds.Campaign;

    static CampaignRow Changed(CampaignRow row, CampaignInput input, CampaignBody body, Call call)
    {
        var start = call.Sent("start_date") ? input.StartDate : Moment.From(row.StartsAt);
        var end = call.Sent("expiration_date") ? input.ExpirationDate : Moment.From(row.ExpiresAt);
        Checks.Period(start, end);
        return new CampaignRow
        {
            ProjectId = row.ProjectId,
            Id = row.Id,
            Name = row.Name,
            CampaignType = row.CampaignType,
            CategoryId = call.Sent("category_id") ? Checks.Text(input.CategoryId, "category_id") : row.CategoryId,
            Active = row.Active,
            VouchersCount = row.VouchersCount,
            CreationStatus = row.CreationStatus,
            GenerationStatus = row.GenerationStatus,
            CreatedAt = row.CreatedAt,
            StartsAt = start?.Ms,
            ExpiresAt = end?.Ms,
            UpdatedAt = call.Now,
            Body = Wire.Text(body),
        };
    }

    // The terms of vouchers: the discount keeps its type, cards keep what they were loaded with.
    static async Task<CampaignBody> Terms(DbConnection db, CampaignBody body, CampaignInput input, Call call)
    {
        var voucher = body.Voucher;
        if (input.Discount is { } discount)
        {
            if (voucher.Discount is null) throw CampaignTerms.Invalid("Only a DISCOUNT_COUPONS campaign has a discount");
            var read = await DiscountCheck.Read(db, call.ProjectId, discount);
            if (read.Type != voucher.Discount.Type) throw CampaignTerms.Invalid("It is not possible to change Voucher discount type");
            voucher = voucher with { Discount = read };
        }
        if (input.Gift is { } gift)
        {
            if (voucher.Gift is null) throw CampaignTerms.Invalid("Only a GIFT_VOUCHERS campaign has a gift");
            voucher = voucher with { Gift = VoucherTerms.Gift(new Gift { Amount = gift.Amount ?? voucher.Gift.Amount, Effect = gift.Effect ?? voucher.Gift.Effect }) };
        }
        if (input.Voucher?.LoyaltyCard is { } card)
        {
            if (voucher.LoyaltyCard is null) throw CampaignTerms.Invalid("Only a LOYALTY_PROGRAM campaign has a loyalty_card");
            // Points that are there keep their day.
            var known = new LoyaltyCard { Points = card.Points ?? voucher.LoyaltyCard.Points, ExpirationRules = card.ExpirationRules ?? voucher.LoyaltyCard.ExpirationRules };
            voucher = voucher with { LoyaltyCard = VoucherTerms.LoyaltyCard(known, "voucher.loyalty_card", isCampaign: true) };
        }
        return body with { Voucher = voucher };
    }

    static async Task<bool> EnqueueUpdate(DbConnection db, Call call, CampaignRow row, CampaignBody before, CampaignBody after)
    {
        var discount = after.Voucher.Discount != before.Voucher.Discount ? after.Voucher.Discount : null;
        var effect = after.Voucher.Gift?.Effect != before.Voucher.Gift?.Effect ? after.Voucher.Gift?.Effect : null;
        if ((discount is null && effect is null) || row.VouchersCount == 0) return false;
        var job = new CampaignJob { CampaignId = row.Id, RequestId = call.RequestId, Discount = discount, GiftEffect = effect };
        await JobQueue.Enqueue(db, call.ProjectId, CampaignJobs.Update, Wire.Text(job), row.VouchersCount, call.Now, series: row.Id);
        return true;
    }

    internal static async Task<StartedAction> Delete(Call call, PromotionDoor door, int status = StatusCodes.Status202Accepted)
    {
        var force = call.Flag("force");
        var answer = await call.Commit(async db =>
        {
            var row = await Find(db, call, call.Db.Dialect.ForUpdate);
            // From here on its vouchers are not found any more; the job clears them away.
            await Happening.Tell(db, call, EventTypes.CampaignDeleted, null, new CampaignTold(await Show(db, call, row, door)) { DeletedAt = new(call.Now) });
            await CampaignSql.Delete(db, row, force, call.Now);
            if (force) await BinSql.Forget(db, call.ProjectId, CampaignBin.Type, row.Id);
            else await BinSql.Add(db, call.ProjectId, CampaignBin.Type, row.Id, row.Name, null, call.Now);
            await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Campaign, row.Id);
            var job = new CampaignJob { CampaignId = row.Id, RequestId = call.RequestId, Force = force };
            call.Status = status;
            return new StartedAction(await JobQueue.Enqueue(db, call.ProjectId, CampaignJobs.Delete, Wire.Text(job), row.VouchersCount, call.Now, series: row.Id));
        });
        call.Need<JobQueue>().Wake();
        return answer;
    }

    static Task<EmptyAnswer> Switch(Call call, bool active, PromotionDoor door) => call.Commit(async db =>
    {
        var row = await Find(db, call, call.Db.Dialect.ForUpdate);
        await CampaignSql.Enable(db, row, active, call.Now);
        await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Campaign, row.Id);
        var shown = await Show(db, call, row, door) with { Active = active, UpdatedAt = new(call.Now) };
        await Happening.Tell(db, call, active ? EventTypes.CampaignEnabled : EventTypes.CampaignDisabled, null, new CampaignTold(shown));
        return new EmptyAnswer();
    });

    static Task<ListOf<Transaction>> Transactions(Call call)
    {
        var page = BalanceApi.OfCampaign(call);
        return call.Db.Read(async db => await page(db, (await Find(db, call)).Id));
    }
}

/// <summary>An object without fields.</summary>
public sealed record EmptyAnswer;
