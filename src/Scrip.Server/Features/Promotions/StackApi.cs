using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Projects;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Promotions;

/// <summary>Promotion stacks: tiers of one campaign that are validated and redeemed as one.</summary>
static class StackApi
{
    const int TiersMax = 30;

    static readonly ListSpec Stacks = new("promotion_stacks", new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["updated_at"] = ("updated_at", ColumnKind.Moment),
        ["id"] = ("id", ColumnKind.Text),
        ["name"] = ("name", ColumnKind.Text),
        ["campaign_id"] = ("campaign_id", ColumnKind.Text),
    }, ["created_at", "updated_at", "name"]);

    public static void Map(Api v1)
    {
        v1.List("/v1/promotions/stacks", "list-all-promotion-stacks", call => List(call, null));
        v1.List("/v1/promotions/{campaignId}/stacks", "list-promotion-stacks-in-campaign",
            async call => await List(call, (await call.Db.Read(db => TierTerms.Campaign(db, call))).Id));
        v1.Post<StackInput, PromotionStack>("/v1/promotions/{campaignId}/stacks", "create-promotion-stack", Create);
        v1.Get("/v1/promotions/{campaignId}/stacks/{stackId}", "get-promotion-stack", call => call.Db.Read(async db => PromotionStack.Of(await Find(db, call))));
        v1.Put<StackInput, PromotionStack>("/v1/promotions/{campaignId}/stacks/{stackId}", "update-promotion-stack", Update);
        v1.Delete("/v1/promotions/{campaignId}/stacks/{stackId}", "delete-promotion-stack", Delete);
    }

    static async Task<ListOf<PromotionStack>> List(Call call, string? campaign)
    {
        var list = ListQuery.Read(call, Stacks).Where(TierSql.Live).WhereIs("campaign_id", campaign);
        var (rows, total) = await call.Db.Read(db => list.RowsAndTotal<StackRow>(db));
        return new("data", rows.ConvertAll(PromotionStack.Of)) { Total = total };
    }

    static async Task<StackRow> Find(DbConnection db, Call call, string ending = "")
    {
        var campaign = await TierTerms.Campaign(db, call);
        var id = call.Route("stackId");
        return await db.QueryFirstOrDefaultAsync<StackRow>(
            $"SELECT * FROM promotion_stacks WHERE project_id = @ProjectId AND id = @id AND campaign_id = @campaign AND deleted_at IS NULL {ending}",
            new { call.ProjectId, id, campaign = campaign.Id }) ?? throw new ApiFault(Refusals.Missing("promotion_stack", id));
    }

    static Task<PromotionStack> Create(StackInput input, Call call) => call.Commit(async db =>
    {
        var campaign = await TierTerms.Campaign(db, call);
        var row = new StackRow
        {
            ProjectId = call.ProjectId,
            Id = Ids.New("stack_", call.Now),
            CampaignId = campaign.Id,
            Name = Checks.Text(input.Name, "name") ?? throw Checks.Wrong("name", "is required"),
            CategoryId = (await CategorySql.Need(db, call.Db.Dialect, call.ProjectId, input.CategoryId))?.Id,
            CreatedAt = call.Now,
            Body = Wire.Text(await Tiers(db, call, campaign.Id, input.Tiers ?? throw Checks.Wrong("tiers", "is required"))),
        };
        await db.ExecuteAsync("""
            INSERT INTO promotion_stacks (project_id, id, campaign_id, name, category_id, created_at, body)
            VALUES (@ProjectId, @Id, @CampaignId, @Name, @CategoryId, @CreatedAt, @json)
            """, new { row.ProjectId, row.Id, row.CampaignId, row.Name, row.CategoryId, row.CreatedAt, json = new Json(row.Body) });
        await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Stack, row.Id);
        var shown = PromotionStack.Of(row);
        await Happening.Tell(db, call, EventTypes.StackCreated, null, new StackTold(shown));
        return shown;
    });

    static Task<PromotionStack> Update(StackInput input, Call call) => call.Commit(async db =>
    {
        var row = await Find(db, call, call.Db.Dialect.ForUpdate);
        var tiers = input.Tiers is null ? Wire.Read<StackTiers>(row.Body) : await Tiers(db, call, row.CampaignId, input.Tiers);
        var category = call.Sent("category_id") ? (await CategorySql.Need(db, call.Db.Dialect, call.ProjectId, input.CategoryId))?.Id : row.CategoryId;
        var after = PromotionStack.Of(row) with { CategoryId = category, Name = Checks.Text(input.Name, "name") ?? row.Name, Tiers = tiers, UpdatedAt = new(call.Now) };
        await db.ExecuteAsync("UPDATE promotion_stacks SET name = @Name, category_id = @CategoryId, updated_at = @Now, body = @json WHERE project_id = @ProjectId AND id = @Id",
            new { call.ProjectId, row.Id, after.Name, after.CategoryId, call.Now, json = new Json(Wire.Text(tiers)) });
        await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Stack, row.Id);
        await Happening.Tell(db, call, EventTypes.StackUpdated, null, new StackTold(after));
        return after;
    });

    static Task Delete(Call call) => call.Commit(async db =>
    {
        var row = await Find(db, call, call.Db.Dialect.ForUpdate);
        await db.ExecuteAsync("UPDATE promotion_stacks SET deleted_at = @Now WHERE project_id = @ProjectId AND id = @Id", new { call.ProjectId, row.Id, call.Now });
        await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Stack, row.Id);
        return Nothing.Instance;
    });

    // Tiers of this campaign, none twice.
    static async Task<StackTiers> Tiers(DbConnection db, Call call, string campaign, StackTiers tiers)
    {
        if (tiers.Ids is null or { Length: 0 }) throw Checks.Wrong("tiers.ids", "must NOT have fewer than 1 items");
        if (tiers.Ids.Length > TiersMax) throw Checks.Wrong("tiers.ids", $"must NOT have more than {TiersMax} items");
        if (tiers.Ids.Distinct().Count() < tiers.Ids.Length) throw Checks.Wrong("tiers.ids", "must NOT have duplicate items");
        var mode = Checks.OneOf(tiers.HierarchyMode, "tiers.hierarchy_mode", "MANUAL") ?? "MANUAL";
        var known = (await TierSql.All(db, call.Db.Dialect, call.ProjectId, [.. tiers.Ids.Select(id => id ?? "")])).Where(row => row.CampaignId == campaign).Select(row => row.Id).ToHashSet();
        foreach (var id in tiers.Ids)
            if (id is null || !known.Contains(id)) throw new ApiFault(Refusals.Missing("promotion_tier", id ?? ""));
        return new StackTiers { Ids = tiers.Ids, HierarchyMode = mode };
    }

    /// <summary>Stacks that are not deleted: those with one of the ids, or all.</summary>
    public static async Task<List<StackRow>> All(DbConnection db, Dialect dialect, string project, string[]? ids) => (await db.QueryAsync<StackRow>(
        $"SELECT * FROM promotion_stacks WHERE project_id = @project AND deleted_at IS NULL{(ids is null ? "" : $" AND {dialect.Among("id", "@ids")}")}",
        new { project, ids = ids is null ? null : dialect.Texts(ids) })).AsList();
}
