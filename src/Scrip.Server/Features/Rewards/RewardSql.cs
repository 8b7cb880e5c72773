using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.Rewards;

/// <summary>The statements about rewards and their assignments.</summary>
static class RewardSql
{
    public static Task<RewardRow?> Find(DbConnection db, string project, string id, string ending = "") => db.QueryFirstOrDefaultAsync<RewardRow>(
        $"SELECT * FROM rewards WHERE project_id = @project AND id = @id {ending}", new { project, id });

    /// <summary>Rewards with their assignments: those of the ids, or all that are assigned.</summary>
    public static async Task<List<AssignedReward>> Assigned(DbConnection db, Dialect dialect, string project, string[]? ids)
    {
        var rows = await db.QueryAsync<RewardAssignmentRow>($"""
            SELECT * FROM reward_assignments WHERE project_id = @project{(ids is null ? "" : $" AND {dialect.Among("reward_id", "@ids")}")} ORDER BY id
            """, new { project, ids = ids is null ? null : dialect.Texts(ids) });
        var assignments = rows.ToLookup(row => row.RewardId, StringComparer.Ordinal);
        if (assignments.Count == 0) return [];
        var rewards = await db.QueryAsync<RewardRow>($"SELECT * FROM rewards WHERE project_id = @project AND {dialect.Among("id", "@ids")}",
            new { project, ids = dialect.Texts([.. assignments.Select(one => one.Key)]) });
        return [.. rewards.Select(row => new AssignedReward(row, [.. assignments[row.Id]]))];
    }

    public static Task Insert(DbConnection db, RewardRow row) => db.ExecuteAsync("""
        INSERT INTO rewards (project_id, id, name, type, stock, created_at, body) VALUES (@ProjectId, @Id, @Name, @Type, @Stock, @CreatedAt, @json)
        """, new { row.ProjectId, row.Id, row.Name, row.Type, row.Stock, row.CreatedAt, json = new Json(row.Body) });

    public static Task Update(DbConnection db, RewardRow row) => db.ExecuteAsync(
        "UPDATE rewards SET name = @Name, type = @Type, stock = @Stock, updated_at = @UpdatedAt, body = @json WHERE project_id = @ProjectId AND id = @Id",
        new { row.ProjectId, row.Id, row.Name, row.Type, row.Stock, row.UpdatedAt, json = new Json(row.Body) });

    /// <summary>Takes a unit of a material reward; false when there is none left, or the reward is gone.</summary>
    public static async Task<bool> TakeUnit(DbConnection db, string project, string id) => await db.ExecuteAsync(
        "UPDATE rewards SET redeemed = redeemed + 1 WHERE project_id = @project AND id = @id AND (stock IS NULL OR redeemed < stock)", new { project, id }) == 1;

    /// <summary>Puts a unit back, as part of a batch.</summary>
    public static void ReturnUnit(Batch batch, string project, string id) => batch.Add(
        "UPDATE rewards SET redeemed = redeemed - 1 WHERE project_id = @project AND id = @id AND redeemed > 0", ("project", project), ("id", id));

    public static Task Delete(DbConnection db, string project, string id) =>
        db.ExecuteAsync("DELETE FROM rewards WHERE project_id = @project AND id = @id", new { project, id });

    /// <summary>The ids of a reward's assignments.</summary>
    public static async Task<List<string>> UsersOf(DbConnection db, string project, string reward) => (await db.QueryAsync<string>(
        "SELECT id FROM reward_assignments WHERE project_id = @project AND reward_id = @reward ORDER BY id", new { project, reward })).AsList();

    public static Task<RewardAssignmentRow?> Assignment(DbConnection db, string project, string reward, string id, string ending = "") =>
        db.QueryFirstOrDefaultAsync<RewardAssignmentRow>(
            $"SELECT * FROM reward_assignments WHERE project_id = @project AND reward_id = @reward AND id = @id {ending}", new { project, reward, id });

    /// <summary>The assignment of a reward to a campaign.</summary>
    public static Task<string?> AssignedTo(DbConnection db, string project, string reward, string campaign) => db.QueryFirstOrDefaultAsync<string>(
        "SELECT id FROM reward_assignments WHERE project_id = @project AND reward_id = @reward AND campaign_id = @campaign", new { project, reward, campaign });

    /// <summary>A campaign's assignment by its own id.</summary>
    public static Task<RewardAssignmentRow?> AssignmentOf(DbConnection db, string project, string campaign, string id, string ending = "") =>
        db.QueryFirstOrDefaultAsync<RewardAssignmentRow>(
            $"SELECT * FROM reward_assignments WHERE project_id = @project AND campaign_id = @campaign AND id = @id {ending}", new { project, campaign, id });

    /// <summary>All assignments of a campaign in their order.</summary>
    public static async Task<List<RewardAssignmentRow>> AssignmentsOf(DbConnection db, string project, string campaign) => (await db.QueryAsync<RewardAssignmentRow>(
        "SELECT * FROM reward_assignments WHERE project_id = @project AND campaign_id = @campaign ORDER BY id", new { project, campaign })).AsList();

    public static Task Assign(DbConnection db, RewardAssignmentRow row) => db.ExecuteAsync("""
        INSERT INTO reward_assignments (project_id, id, reward_id, campaign_id, created_at, body)
        VALUES (@ProjectId, @Id, @RewardId, @CampaignId, @CreatedAt, @json)
        """, new { row.ProjectId, row.Id, row.RewardId, row.CampaignId, row.CreatedAt, json = new Json(row.Body) });

    public static Task Change(DbConnection db, RewardAssignmentRow row) => db.ExecuteAsync(
        "UPDATE reward_assignments SET updated_at = @UpdatedAt, body = @json WHERE project_id = @ProjectId AND id = @Id",
        new { row.ProjectId, row.Id, row.UpdatedAt, json = new Json(row.Body) });

    public static Task Unassign(DbConnection db, RewardAssignmentRow row) =>
        db.ExecuteAsync("DELETE FROM reward_assignments WHERE project_id = @ProjectId AND id = @Id", new { row.ProjectId, row.Id });

    /// <summary>The rewards that a campaign gives, in the order of their assignment.</summary>
    public static async Task<List<RewardRow>> OfCampaign(DbConnection db, string project, string campaign) => (await db.QueryAsync<RewardRow>("""
        SELECT rewards.* FROM reward_assignments assignments JOIN rewards ON rewards.project_id = assignments.project_id AND rewards.id = assignments.reward_id
        WHERE assignments.project_id = @project AND assignments.campaign_id = @campaign ORDER BY assignments.id
        """, new { project, campaign })).AsList();
}
