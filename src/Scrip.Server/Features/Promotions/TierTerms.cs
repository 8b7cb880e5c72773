using System.Data.Common;
using System.Text.Json;
using Scrip.Engine;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Promotions;

/// <summary>Reads what a caller says of a tier. Each fault names its field.</summary>
static class TierTerms
{
    const int BannerMax = 10_000;
    const int ShownMax = 100;
    const int TiersMax = 100;

    /// <summary>What campaigns want of promotions.</summary>
    public static readonly PromotionDoor Door = new(AddAll, Show);

    static async Task AddAll(DbConnection db, Call call, CampaignRow campaign, PromotionTierInput[] tiers)
    {
        if (tiers.Length > TiersMax) throw Checks.Wrong("promotion.tiers", $"must NOT have more than {TiersMax} items");
        var ids = new List<string>();
        foreach (var tier in tiers)
        {
            var row = await Add(db, call, campaign, tier ?? throw Checks.Wrong("promotion.tiers", "must hold objects"));
            ids.Add(row.Id);
            await Happening.Tell(db, call, EventTypes.TierCreated, null, new TierTold(PromotionTier.Of(row) with { Campaign = TierCampaign.Of(campaign) }));
        }
        if (ids.Count > 0) await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Tier, ids);
    }

    static async Task<JsonElement> Show(DbConnection db, CampaignRow campaign)
    {
        var (rows, total) = await TierSql.OfCampaign(db, campaign.ProjectId, campaign.Id, ShownMax);
        var tiers = rows.ConvertAll(row => PromotionTier.Of(row) with { Campaign = TierCampaign.Of(campaign) });
        return Wire.Element(new ListOf<PromotionTier>("tiers", tiers) { Total = total, HasMore = total > rows.Count });
    }

    /// <summary>Adds a tier inside a write; the project's version is raised by the caller.</summary>
    public static async Task<TierRow> Add(DbConnection db, Call call, CampaignRow campaign, PromotionTierInput input)
    {
        if (string.IsNullOrEmpty(input.Name)) throw Checks.Wrong("name", "is required");
        if (input.Action?.Discount is null) throw Checks.Wrong("action.discount", "is required");
        var row = new TierRow
        {
            ProjectId = call.ProjectId,
            Id = Ids.New("promo_", call.Now),
            CampaignId = campaign.Id,
            Active = input.Active ?? true,
            Hierarchy = input.Hierarchy ?? await TierSql.NextHierarchy(db, call.ProjectId, campaign.Id),
            CreatedAt = call.Now,
        };
        var added = await Merge(db, call, row, input, _ => true, null);
        await TierSql.Insert(db, added);
        string[] rules = [.. input.ValidationRules ?? [], .. input.ValidationRuleAssignments?.Data?.Select(one => one?.RuleId ?? "") ?? []];
        await AssignmentSql.AddAll(db, call, rules, AssignmentSql.Tier, added.Id);
        return added;
    }

    /// <summary>The row with what was sent in place of what it had; metadata is merged key by key.</summary>
    public static async Task<TierRow> Merge(DbConnection db, Call call, TierRow row, PromotionTierInput input, Func<string, bool> sent, long? updated)
    {
        if (updated is not null) VoucherTerms.RefuseRules(input.ValidationRules);
        Checks.Metadata(input.Metadata);
        await SchemaCheck.Hold(db, call.ProjectId, SchemaKinds.PromotionTier, input.Metadata, isNew: updated is null);
        var body = Wire.Read<TierBody>(row.Body);
        var start = sent("start_date") ? input.StartDate : Moment.From(row.StartsAt);
        var end = sent("expiration_date") ? input.ExpirationDate : Moment.From(row.ExpiresAt);
        Checks.Period(start, end);
        var category = sent("category_id") ? (await CategorySql.Need(db, call.Db.Dialect, call.ProjectId, input.CategoryId))?.Id : row.CategoryId;
        return new TierRow
        {
            ProjectId = row.ProjectId,
            Id = row.Id,
            CampaignId = row.CampaignId,
            Name = Checks.Text(input.Name, "name") ?? row.Name,
            Active = row.Active,
            Hierarchy = Checks.NotNegative(input.Hierarchy, "hierarchy") ?? row.Hierarchy,
            StartsAt = start?.Ms,
            ExpiresAt = end?.Ms,
            CategoryId = category,
            CreatedAt = row.CreatedAt,
            UpdatedAt = updated,
            Body = Wire.Text(body with
            {
                Banner = sent("banner") ? Checks.Text(input.Banner, "banner", BannerMax) : body.Banner,
                Discount = input.Action?.Discount is { } discount ? await DiscountCheck.Read(db, call.ProjectId, discount) : body.Discount,
                Metadata = Merging.Metadata(body.Metadata, input.Metadata),
                ValidityTimeframe = sent("validity_timeframe") ? VoucherTerms.Timeframe(input.ValidityTimeframe) : body.ValidityTimeframe,
                ValidityDayOfWeek = sent("validity_day_of_week") ? VoucherTerms.Days(input.ValidityDayOfWeek) : body.ValidityDayOfWeek,
                ValidityHours = sent("validity_hours") ? VoucherTerms.Hours(input.ValidityHours) : body.ValidityHours,
                Category = sent("category") ? Checks.Text(input.Category, "category") : body.Category,
            }),
        };
    }

    /// <summary>The tiers with the categories that their ids name and the rules assigned to them, looked up together.</summary>
    public static async Task<List<PromotionTier>> Categorized(DbConnection db, Dialect dialect, string project, List<PromotionTier> tiers)
    {
        var ids = tiers.Select(tier => tier.CategoryId).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        var known = (await CategorySql.Among(db, dialect, project, ids)).ToDictionary(row => row.Id, row => row.Show());
        var rules = await AssignmentSql.Of(db, dialect, project, [.. tiers.Select(tier => tier.Id)]);
        return tiers.ConvertAll(tier => tier with
        {
            Categories = tier.CategoryId is { } id && known.TryGetValue(id, out var category) ? [category] : [],
            ValidationRuleAssignments = AssignmentSql.List(rules, tier.Id),
        });
    }

    /// <summary>The PROMOTION campaign that the path names by id or name.</summary>
    public static async Task<CampaignRow> Campaign(DbConnection db, Call call, string ending = "")
    {
        var campaign = await CampaignApi.Find(db, call, ending);
        return campaign.CampaignType == CampaignTypes.Promotion ? campaign : throw new ApiFault(Refusals.Missing("campaign", call.Route("campaignId")));
    }
}
