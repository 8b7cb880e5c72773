using System.Data.Common;
using Scrip.Engine;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Projects;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Rewards;

/// <summary>
/// Rewards and the campaigns they are assigned to. Who recommends a shop is given those of the referral campaign; who has
/// a loyalty card pays with its points by those of the loyalty campaign.
/// </summary>
static class RewardApi
{
    static readonly ListSpec Rewards = new("rewards", new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["id"] = ("id", ColumnKind.Text),
        ["name"] = ("name", ColumnKind.Text),
        ["type"] = ("type", ColumnKind.Text),
    }, ["created_at", "id"]);

    static readonly ListSpec Assignments = new("reward_assignments", new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["id"] = ("id", ColumnKind.Text),
        ["campaign_id"] = ("campaign_id", ColumnKind.Text),
    }, ["created_at", "id"]);

    public static void Map(Api v1)
    {
        v1.List("/v1/rewards", "list-rewards", List);
        v1.Post<RewardInput, Reward>("/v1/rewards", "create-reward", Create);
        v1.Get("/v1/rewards/{rewardId}", "get-reward", call => call.Db.Read(async db => (await Find(db, call)).Show()));
        v1.Put<RewardInput, Reward>("/v1/rewards/{rewardId}", "update-reward", Update);
        v1.Delete("/v1/rewards/{rewardId}", "delete-reward", Delete);
        v1.List("/v1/rewards/{rewardId}/assignments", "list-reward-assignments", ListAssignments);
        v1.Post<RewardAssignmentInput, RewardAssignment>("/v1/rewards/{rewardId}/assignments", "create-reward-assignment", Assign);
        v1.Get("/v1/rewards/{rewardId}/assignments/{assignmentId}", "get-reward-assignment", call => call.Db.Read(async db => (await FindAssignment(db, call)).Row.Show()));
        v1.Put<RewardAssignmentInput, RewardAssignment>("/v1/rewards/{rewardId}/assignments/{assignmentId}", "update-reward-assignment", Reassign);
        v1.Delete("/v1/rewards/{rewardId}/assignments/{assignmentId}", "delete-reward-assignment", Unassign);
    }

    static Task<ListOf<Reward>> List(Call call)
    {
        var list = ListQuery.Read(call, Rewards);
        if (call.Query["assignment_id"].ToString() is { Length: > 0 } assignment)
            list.Where($"id IN (SELECT reward_id FROM reward_assignments WHERE project_id = @project AND id = {list.Arg(assignment)})");
        return call.Db.Read(async db =>
        {
            var (rows, total) = await list.RowsAndTotal<RewardRow>(db);
            return new ListOf<Reward>("data", rows.ConvertAll(row => row.Show())) { Total = total };
        });
    }

    static Task<Reward> Create(RewardInput input, Call call)
    {
        if (input.Parameters is null) throw Checks.Wrong("parameters", "is required");
        return call.Commit(async db =>
        {
            var body = await RewardTerms.Merge(db, call.ProjectId, new RewardBody(), input, call.Sent);
            var row = new RewardRow
            {
                ProjectId = call.ProjectId,
                Id = Ids.New("rew_", call.Now),
                Name = Checks.Text(input.Name, "name") ?? "Reward",
                Type = RewardTerms.TypeOf(body.Parameters),
                Stock = body.Stock,
                CreatedAt = call.Now,
                Body = Wire.Text(body),
            };
            await RewardSql.Insert(db, row);
            return row.Show();
        });
    }

    static Task<Reward> Update(RewardInput input, Call call) => call.Commit(async db =>
    {
        var row = await Find(db, call, call.Db.Dialect.ForUpdate);
        var body = await RewardTerms.Merge(db, call.ProjectId, Wire.Read<RewardBody>(row.Body), input, call.Sent);
        if (RewardTerms.TypeOf(body.Parameters) != row.Type) throw Checks.Wrong("parameters", $"cannot change the type of the reward, which is {row.Type}");
        var changed = row with { Name = Checks.Text(input.Name, "name") ?? row.Name, Stock = body.Stock, UpdatedAt = call.Now, Body = Wire.Text(body) };
        await RewardSql.Update(db, changed);
        await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Reward, row.Id);
        return changed.Show();
    });

    static Task Delete(Call call) => call.Commit(async db =>
    {
        var row = await Find(db, call, call.Db.Dialect.ForUpdate);
        if (await RewardSql.UsersOf(db, call.ProjectId, row.Id) is { Count: > 0 } users)
        {
            var refusal = Refusals.InUse("reward", row.Id, "reward_assignment", users);
            throw new ApiFault(refusal.With($"Resource reward with id {row.Id} is in use by reward_assignments with ids [{string.Join(", ", users)}]"));
        }
        await RewardSql.Delete(db, call.ProjectId, row.Id);
        return Nothing.Instance;
    });

    static Task<ListOf<RewardAssignment>> ListAssignments(Call call) => call.Db.Read(async db =>
    {
        var reward = await Find(db, call);
        var (rows, total) = await ListQuery.Read(call, Assignments).WhereIs("reward_id", reward.Id).RowsAndTotal<RewardAssignmentRow>(db);
        return new ListOf<RewardAssignment>("data", rows.ConvertAll(row => row.Show())) { Total = total };
    });

    static async Task<RewardAssignment> Assign(RewardAssignmentInput input, Call call)
    {
        if (input.ValidationRules is { Length: > 0 }) throw Checks.Wrong("validation_rules", "cannot be used here: rewards have no rules of their own");
        try
        {
            return await call.Commit(async db =>
            {
                var reward = await Find(db, call, call.Db.Dialect.ForUpdate);
                var named = Checks.Text(input.Campaign, "campaign") ?? throw Checks.Wrong("campaign", "is required");
                var campaign = await CampaignSql.Find(db, call.ProjectId, named) ?? throw new ApiFault(Refusals.Missing("campaign", named));
                return await Assign(db, call, reward, campaign, input.Parameters);
            });
        }
        catch (Exception fault) when (call.Db.IsDuplicate(fault))
        {
            throw new ApiFault(Refusals.Duplicate("reward_assignment", call.Route("rewardId"), by: "reward"));
        }
    }

    /// <summary>Assigns a reward to a campaign inside a write.</summary>
    internal static async Task<RewardAssignment> Assign(DbConnection db, Call call, RewardRow reward, CampaignRow campaign, RewardCost? cost)
    {
        RewardTerms.Fits(reward, campaign);
        var body = new RewardAssignmentBody(RewardTerms.Cost(cost, reward, campaign.CampaignType));
        if (await RewardSql.AssignedTo(db, call.ProjectId, reward.Id, campaign.Id) is { } known) throw new ApiFault(Refusals.Duplicate("reward_assignment", known));
        var row = new RewardAssignmentRow
        {
            ProjectId = call.ProjectId,
            Id = Ids.New("rewa_", call.Now),
            RewardId = reward.Id,
            CampaignId = campaign.Id,
            CreatedAt = call.Now,
            Body = Wire.Text(body),
        };
        await RewardSql.Assign(db, row);
        await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Reward, reward.Id);
        return await Told(db, call, EventTypes.RewardAssigned, reward, row);
    }

    static Task<RewardAssignment> Reassign(RewardAssignmentInput input, Call call) => call.Commit(async db =>
    {
        var (reward, row) = await FindAssignment(db, call, call.Db.Dialect.ForUpdate);
        return await Reassign(db, call, reward, row, input.Parameters);
    });

    /// <summary>Changes what a reward costs inside a write.</summary>
    internal static async Task<RewardAssignment> Reassign(DbConnection db, Call call, RewardRow reward, RewardAssignmentRow row, RewardCost? cost)
    {
        var body = Wire.Read<RewardAssignmentBody>(row.Body);
        var campaign = await CampaignSql.Find(db, call.ProjectId, row.CampaignId);
        var changed = row with { UpdatedAt = call.Now, Body = Wire.Text(new RewardAssignmentBody(RewardTerms.Cost(cost ?? body.Parameters, reward, campaign?.CampaignType))) };
        await RewardSql.Change(db, changed);
        await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Reward, reward.Id);
        return await Told(db, call, EventTypes.RewardReassigned, reward, changed);
    }

    static Task Unassign(Call call) => call.Commit(async db =>
    {
        var (reward, row) = await FindAssignment(db, call, call.Db.Dialect.ForUpdate);
        await Unassign(db, call, reward, row);
        return Nothing.Instance;
    });

    /// <summary>Takes a reward from a campaign inside a write.</summary>
    internal static async Task Unassign(DbConnection db, Call call, RewardRow reward, RewardAssignmentRow row)
    {
        await RewardSql.Unassign(db, row);
        await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Reward, reward.Id);
        await Told(db, call, EventTypes.RewardUnassigned, reward, row);
    }

    static async Task<RewardAssignment> Told(DbConnection db, Call call, string type, RewardRow reward, RewardAssignmentRow row)
    {
        var shown = row.Show();
        await Happening.Tell(db, call, type, null, new RewardAssignmentTold(new(row.CampaignId), shown, reward.Show()));
        return shown;
    }

    static async Task<RewardRow> Find(DbConnection db, Call call, string ending = "")
    {
        var id = call.Route("rewardId");
        return await RewardSql.Find(db, call.ProjectId, id, ending) ?? throw new ApiFault(Refusals.Missing("reward", id));
    }

    static async Task<(RewardRow Reward, RewardAssignmentRow Row)> FindAssignment(DbConnection db, Call call, string ending = "")
    {
        var (reward, id) = (await Find(db, call), call.Route("assignmentId"));
        return (reward, await RewardSql.Assignment(db, call.ProjectId, reward.Id, id, ending) ?? throw new ApiFault(Refusals.Missing("reward_assignment", id)));
    }
}
