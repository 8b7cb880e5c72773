using System.Data.Common;
using Scrip.Engine;
using Scrip.Engine.Rules;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.LoyaltyTiers;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.EarningRules;

/// <summary>The earning rules of a loyalty campaign, which a path names by id or by name.</summary>
static class EarningRuleApi
{
    const int RulesMax = 100;
    const string Path = "/v1/loyalties/{campaignId}/earning-rules";

    static readonly ListSpec Rules = new("earning_rules", new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["updated_at"] = ("updated_at", ColumnKind.Moment),
        ["id"] = ("id", ColumnKind.Text),
    }, ["created_at", "updated_at"]);

    public static void Map(Api v1)
    {
        v1.List(Path, "list-earning-rules", List);
        v1.Post<EarningRuleInput[], EarningRule[]>(Path, "create-earning-rule", Create);
        v1.Get(Path + "/{earningRuleId}", "get-earning-rule", call => call.Db.Read(async db => (await Find(db, call)).Show()));
        v1.Put<EarningRuleInput, EarningRule>(Path + "/{earningRuleId}", "update-earning-rule", Update);
        v1.Delete(Path + "/{earningRuleId}", "delete-earning-rule", Delete);
        v1.Post(Path + "/{earningRuleId}/enable", "enable-earning-rule", call => Enable(call, true));
        v1.Post(Path + "/{earningRuleId}/disable", "disable-earning-rule", call => Enable(call, false));
        v1.List("/v1/loyalties/{campaignId}/tiers/{loyaltyTierId}/earning-rules", "list-loyalty-tier-earning-rules", OfTier);
        v1.Post<EstimateInput, Estimate>("/v1/loyalties/{campaignId}/qualifications", "estimate-points", Estimating.Estimate);
    }

    /// <summary>The loyalty campaign that the path names.</summary>
    /// <exception cref="ApiFault">There is none.</exception>
    public static async Task<CampaignRow> Campaign(DbConnection db, Call call)
    {
        var named = call.Route("campaignId");
        return await CampaignSql.Find(db, call.ProjectId, named) is { CampaignType: CampaignTypes.Loyalty } campaign ? campaign : throw new ApiFault(Refusals.Missing("campaign", named));
    }

    static Task<ListOf<EarningRule>> List(Call call)
    {
        var list = ListQuery.Read(call, Rules);
        return call.Db.Read(async db =>
        {
            var campaign = await Campaign(db, call);
            var (rows, total) = await list.WhereIs("campaign_id", campaign.Id).RowsAndTotal<EarningRuleRow>(db);
            return new ListOf<EarningRule>("data", (await EarningRuleSql.WithRules(db, call.Db.Dialect, call.ProjectId, rows)).ConvertAll(row => row.Show())) { Total = total };
        });
    }

    // The rules as they are for cards in the tier.
    static Task<ListOf<EarningRule>> OfTier(Call call)
    {
        var list = ListQuery.Read(call, Rules);
        var id = call.Route("loyaltyTierId");
        return call.Db.Read(async db =>
        {
            var campaign = await Campaign(db, call);
            var tier = await LoyaltyTierSql.Find(db, call.ProjectId, campaign.Id, id) ?? throw new ApiFault(Refusals.Missing("loyalty_tier", id));
            var (rows, total) = await list.WhereIs("campaign_id", campaign.Id).RowsAndTotal<EarningRuleRow>(db);
            var shown = (await EarningRuleSql.WithRules(db, call.Db.Dialect, call.ProjectId, rows)).ConvertAll(row => row.Show());
            return new ListOf<EarningRule>("data", shown.ConvertAll(rule => rule with { Loyalty = rule.Loyalty.In(tier, rule.Id) })) { Total = total };
        });
    }

    static Task<EarningRule[]> Create(EarningRuleInput[] inputs, Call call)
    {
        if (inputs.Length == 0) throw Checks.Wrong("", "must NOT have fewer than 1 items");
        if (inputs.Length > RulesMax) throw Checks.Wrong("", $"must NOT have more than {RulesMax} items");
        return call.Commit(async db =>
        {
            var campaign = await Campaign(db, call);
            // The campaign stays meanwhile, and the project's row keeps others out who make rules while these are counted.
            if (await CampaignSql.Lock(db, call.ProjectId, campaign.Id) is null) throw new ApiFault(Refusals.Missing("campaign", campaign.Id));
            await ProjectSql.Bump(db, call.ProjectId, ConfigKind.RuleAssignment);
            if (await EarningRuleSql.Count(db, call.ProjectId) + inputs.Length > RulesMax)
                throw new ApiFault(Refusals.InvalidPayload.With($"A project may have {RulesMax} earning rules at most"));
            var schemas = await MetadataSchemaSql.Load(db, call.ProjectId);
            var made = new List<EarningRule>();
            for (var i = 0; i < inputs.Length; i++)
            {
                var input = inputs[i] ?? throw Checks.Wrong($"[{i}]", "must be object");
                SchemaCheck.Hold(schemas, SchemaKinds.EarningRule, input.Metadata, true, $"[{i}].metadata");
                var row = await EarningRuleTerms.New(db, call, campaign.Id, input, $"[{i}].");
                await EarningRuleSql.Insert(db, row);
                row = await Bind(db, call, row, input.ValidationRuleId, $"[{i}].");
                made.Add(await Told(db, call, EventTypes.EarningRuleAssigned, row));
            }
            return made.ToArray();
        });
    }

    static Task<EarningRule> Update(EarningRuleInput input, Call call) => call.Commit(async db =>
    {
        var row = await Find(db, call, call.Db.Dialect.ForUpdate);
        if (input.Event is { } name && name != row.Event) throw Checks.Wrong("event", "cannot be changed");
        if (input.Segment is { } segment && segment.Id != row.SegmentId) throw Checks.Wrong("segment", "cannot be changed");
        if (input.CustomEvent is { } custom && custom.SchemaId != row.Content.EventSchemaId) throw Checks.Wrong("custom_event", "cannot be changed");
        if (input.LoyaltyTier is { ValueKind: not System.Text.Json.JsonValueKind.Null }) throw Checks.Wrong("loyalty_tier", "cannot be used: what happens in loyalty tiers earns nothing");
        SchemaCheck.Hold(await MetadataSchemaSql.Load(db, call.ProjectId), SchemaKinds.EarningRule, input.Metadata, false, "metadata");
        row = await EarningRuleTerms.Merge(db, row, input, call.Sent) with { UpdatedAt = call.Now };
        await EarningRuleSql.Update(db, row);
        if (call.Sent("validation_rule_id")) row = await Bind(db, call, row, input.ValidationRuleId, "");
        return await Told(db, call, EventTypes.EarningRuleUpdated, row);
    });

    static Task<EarningRule> Enable(Call call, bool active) => call.Commit(async db =>
    {
        var row = await Find(db, call, call.Db.Dialect.ForUpdate) with { Active = active, UpdatedAt = call.Now };
        await EarningRuleSql.Update(db, row);
        return await Told(db, call, active ? EventTypes.EarningRuleEnabled : EventTypes.EarningRuleDisabled, row);
    });

    static Task Delete(Call call) => call.Commit(async db =>
    {
        var row = await Find(db, call, call.Db.Dialect.ForUpdate);
        await Told(db, call, EventTypes.EarningRuleDeleted, row);
        await Bind(db, call, row, null, "");
        await EarningRuleSql.Delete(db, row);
        return Nothing.Instance;
    });

    // Binds the rule to one validation rule, or to none, instead of those that it was bound to.
    static async Task<EarningRuleRow> Bind(DbConnection db, Call call, EarningRuleRow row, string? rule, string at)
    {
        rule = Checks.Text(rule, at + "validation_rule_id");
        foreach (var old in row.RuleIds.Where(id => id != rule))
        {
            if (await AssignmentSql.Existing(db, call.ProjectId, old, row.Id) is not { } assigned) continue;
            var bound = await ValidationRuleSql.Need(db, call, old);
            await AssignmentSql.Delete(db, assigned);
            await Happening.Tell(db, call, EventTypes.RuleUnassigned, null, new AssignmentTold(bound.Show(), new(assigned.Show())));
        }
        if (rule is null) return row with { RuleIds = [] };
        if (!row.RuleIds.Contains(rule))
        {
            await AssignmentSql.Add(db, call, rule, EarningRuleSql.Object, row.Id);
            if ((await ValidationRuleSql.Need(db, call, rule)).Bind().Counts)
                throw Checks.Wrong(at + "validation_rule_id", "names a rule that limits redemptions, which earning does not count");
        }
        return row with { RuleIds = [rule] };
    }

    static async Task<EarningRule> Told(DbConnection db, Call call, string type, EarningRuleRow row)
    {
        var shown = row.Show();
        await Happening.Tell(db, call, type, null, new EarningRuleTold(new(row.CampaignId), shown));
        return shown;
    }

    static async Task<EarningRuleRow> Find(DbConnection db, Call call, string ending = "")
    {
        var (campaign, id) = (await Campaign(db, call), call.Route("earningRuleId"));
        return await EarningRuleSql.Find(db, call.Db.Dialect, call.ProjectId, campaign.Id, id, ending) ?? throw new ApiFault(Refusals.Missing(EarningRuleSql.Object, id));
    }
}
