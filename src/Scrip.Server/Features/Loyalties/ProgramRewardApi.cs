using System.Data.Common;
using System.Text.Json;
using Scrip.Engine;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Redemptions;
using Scrip.Server.Features.Rewards;
using Scrip.Server.Features.Validations;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Loyalties;

/// <summary>What the points of a program buy: which rewards it has, what a member can get, and getting it.</summary>
static class ProgramRewardApi
{
    const int AssignmentsMax = 100;

    static readonly ListSpec Assignments = new("reward_assignments", new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["id"] = ("id", ColumnKind.Text),
        ["reward_id"] = ("reward_id", ColumnKind.Text),
    }, ["created_at", "id"]);

    public static void Map(Api v1)
    {
        v1.Get("/v1/loyalties/members/{memberId}/rewards", "list-member-rewards", OfMember);
        v1.List("/v1/loyalties/{campaignId}/reward-assignments", "list-reward-assignments-1", call => List(call, "assignmentId"));
        v1.List("/v1/loyalties/{campaignId}/rewards", "list-reward-assignments-2", call => List(call, "assignment_id"));
        v1.Post<RewardToAssign[], RewardAssignment[]>("/v1/loyalties/{campaignId}/rewards", "create-reward-assignment-1", Assign);
        v1.Get("/v1/loyalties/{campaignId}/reward-assignments/{assignmentId}", "get-reward-assignment-1", call => call.Db.Read(async db => (await Find(db, call)).Show()));
        v1.Get("/v1/loyalties/{campaignId}/rewards/{assignmentId}", "get-reward-assignment-2", call => call.Db.Read(async db => (await Find(db, call)).Show()));
        v1.Get("/v1/loyalties/{campaignId}/reward-assignments/{assignmentId}/reward", "get-reward-details", call => call.Db.Read(async db => (await Reward(db, call, await Find(db, call))).Show()));
        v1.Put<RewardAssignmentInput, RewardAssignment>("/v1/loyalties/{campaignId}/rewards/{assignmentId}", "update-reward-assignment-1", Reassign);
        v1.Delete("/v1/loyalties/{campaignId}/rewards/{assignmentId}", "delete-reward-assignment-1", Unassign);
        v1.Post<RewardPurchase, Redemption>("/v1/loyalties/{campaignId}/members/{memberId}/redemption", "redeem-reward-1", Redeem);
        v1.Post<RewardPurchase, Redemption>("/v1/loyalties/members/{memberId}/redemption", "redeem-reward", Redeem);
    }

    static Task<ListOf<RewardAssignment>> List(Call call, string filter)
    {
        var list = ListQuery.Read(call, Assignments).WhereIs("id", call.Query[filter]);
        return call.Db.Read(async db =>
        {
            var (rows, total) = await list.WhereIs("campaign_id", (await Members.Program(db, call)).Id).RowsAndTotal<RewardAssignmentRow>(db);
            return new ListOf<RewardAssignment>("data", rows.ConvertAll(row => row.Show())) { Total = total };
        });
    }

    static Task<ListOf<MemberReward>> OfMember(Call call)
    {
        var affordable = call.Flag("affordable_only");
        return call.Db.Read(async db =>
        {
            var card = await Members.Find(db, call);
            var rewards = (await RewardSql.OfCampaign(db, call.ProjectId, card.CampaignId!)).ToDictionary(row => row.Id, StringComparer.Ordinal);
            var shown = (await RewardSql.AssignmentsOf(db, call.ProjectId, card.CampaignId!)).ConvertAll(row => new MemberReward(rewards[row.RewardId].Show(), row.Show()));
            if (affordable) shown = shown.FindAll(one => one.Price <= card.GiftBalance);
            return new ListOf<MemberReward>("data", shown) { Total = shown.Count };
        });
    }

    static async Task<RewardAssignment[]> Assign(RewardToAssign[] wanted, Call call)
    {
        if (wanted.Length is 0 or > AssignmentsMax) throw Checks.Wrong("", $"must have from 1 to {AssignmentsMax} items");
        for (var i = 0; i < wanted.Length; i++)
        {
            var one = wanted[i] ?? throw Checks.Wrong($"[{i}]", "must be object");
            if (Checks.Text(one.Reward, $"[{i}].reward") is null) throw Checks.Wrong($"[{i}].reward", "is required");
            RefuseRules(one.ValidationRules, $"[{i}].validation_rules");
        }
        try
        {
            return await call.Commit(async db =>
            {
                var program = await Members.Program(db, call);
                var made = new List<RewardAssignment>();
                foreach (var one in wanted)
                {
                    var reward = await RewardSql.Find(db, call.ProjectId, one.Reward!, call.Db.Dialect.ForUpdate) ?? throw new ApiFault(Refusals.Missing("reward", one.Reward!));
                    made.Add(await RewardApi.Assign(db, call, reward, program, one.Parameters));
                }
                return made.ToArray();
            });
        }
        catch (Exception fault) when (call.Db.IsDuplicate(fault))
        {
            throw new ApiFault(Refusals.Duplicate("reward_assignment", call.Route("campaignId"), by: "campaign"));
        }
    }

    static Task<RewardAssignment> Reassign(RewardAssignmentInput input, Call call)
    {
        RefuseRules(input.ValidationRules, "validation_rules");
        return call.Commit(async db =>
        {
            var row = await Find(db, call, call.Db.Dialect.ForUpdate);
            return await RewardApi.Reassign(db, call, await Reward(db, call, row), row, input.Parameters);
        });
    }

    static Task Unassign(Call call) => call.Commit(async db =>
    {
        var row = await Find(db, call, call.Db.Dialect.ForUpdate);
        await RewardApi.Unassign(db, call, await Reward(db, call, row), row);
        return Nothing.Instance;
    });

    static void RefuseRules(string[]? rules, string field)
    {
        if (rules is { Length: > 0 }) throw Checks.Wrong(field, "cannot be used here: rewards have no rules of their own");
    }

    static async Task<RewardAssignmentRow> Find(DbConnection db, Call call, string ending = "")
    {
        var id = call.Route("assignmentId");
        var program = await Members.Program(db, call);
        return await RewardSql.AssignmentOf(db, call.ProjectId, program.Id, id, ending) ?? throw new ApiFault(Refusals.Missing("reward_assignment", id));
    }

    static async Task<RewardRow> Reward(DbConnection db, Call call, RewardAssignmentRow row) =>
        await RewardSql.Find(db, call.ProjectId, row.RewardId) ?? throw new ApiFault(Refusals.Missing("reward", row.RewardId));

    // Whoever holds the card redeems it, by the way that all redemptions go.
    static async Task<Redemption> Redeem(RewardPurchase input, Call call)
    {
        if (input.Reward is not { Id.Length: > 0 } reward) throw new ApiFault(Refusals.MissingReward.With("Property 'reward.id' is required"));
        var card = await call.Db.Read(db => Members.Find(db, call));
        if (card.HolderId is not { } holder) throw new ApiFault(Refusals.NotPublished.With($"The card {card.Code} has no holder"));
        var request = new StackRequest
        {
            Redeemables = [new() { Object = "voucher", Id = card.Code, Reward = new() { Id = reward.Id, Points = reward.Points } }],
            Customer = new() { Id = holder },
            Order = input.Order,
            Metadata = input.Metadata,
        };
        return await RedemptionApi.Redeem(request, call, answer => answer.Redemptions[0]);
    }
}

/// <summary>A reward that a member can get, and what it costs.</summary>
public sealed record MemberReward(Reward Reward, RewardAssignment Assignment)
{
    public string Object => "loyalty_reward";

    /// <summary>The least points that buy something: what pays for orders has no price, but its ratio.</summary>
    internal long Price => Reward.Parameters.Coin?.PointsRatio?.GetInt64() ?? Assignment.Parameters?.Loyalty?.Points ?? 0;
}

/// <summary>A reward that a program is to have.</summary>
public sealed record RewardToAssign
{
    public string? Reward { get; init; }
    public RewardCost? Parameters { get; init; }
    public string[]? ValidationRules { get; init; }
}

/// <summary>What a member wants for points.</summary>
public sealed record RewardPurchase
{
    public RewardWish? Reward { get; init; }
    public OrderInput? Order { get; init; }
    public JsonElement? Metadata { get; init; }
}
