using Npgsql;

namespace Scrip.Server.Tests.Features.Usages;

/// <summary>
/// A limit that comes while a redemption is between its decision and its commit: PostgreSQL's locks hold it there, so
/// that what else takes luck happens every time. SQLite has one writer, and the storm of <see cref="LimitTests"/>.
/// </summary>
public sealed class ComingLimitTests(Servers servers)
{
    [Fact]
    public async Task A_redemption_that_was_decided_without_a_limit_decides_again_when_it_has_come()
    {
        var (scrip, rule, codes) = await Scene();
        var limit = await Limit(scrip, 1);
        var body = (await Tables.Read((await servers.On(Db.Postgres)).Database, "SELECT CAST(body AS TEXT) FROM validation_rules WHERE id = @id", ("id", limit))).Single();
        (await scrip.Delete($"/v1/validation-rules/{limit}")).Expect(204);
        (await scrip.Redeem(new { amount = 1000 }, codes[0])).Expect(200);
        await using var connection = await Begin();

        // What saving the limit writes, in the order in which it does, and a counter of what was redeemed.
        await Run(connection, "UPDATE projects SET version = version + 1, counting = counting + 1 WHERE id = @project", scrip);
        await Run(connection, "SELECT pg_advisory_xact_lock(hashtextextended(@project || ' ', 0))", scrip);
        var redeeming = scrip.Unchecked.Redeem(new { amount = 1000 }, codes[1]);
        await Waits(connection);
        await Run(connection, "UPDATE validation_rules SET body = CAST(@body AS JSONB), counted = 'Everybody/Ever' WHERE project_id = @project AND id = @rule", scrip, ("body", body), ("rule", rule));
        await Run(connection, "INSERT INTO config_changes (project_id, version, kind, id) SELECT id, version, 'validation_rule', @rule FROM projects WHERE id = @project", scrip, ("rule", rule));
        await Run(connection, "INSERT INTO usage_counters (project_id, owner_id, scope, win, uses, orders_amount, discounts, credits, points, units) SELECT project_id, id, '', '', 1, 1000, 100, 0, 0, 0 FROM campaigns WHERE project_id = @project", scrip);
        await Run(connection, "COMMIT", scrip);

        (await redeeming).Expect(400)["key"].ShouldBe("redemption_rules_violated");
    }

    [Fact]
    public async Task A_limit_waits_for_redemptions_that_are_on_their_way_and_counts_them()
    {
        const int Allowed = 3;
        var (scrip, rule, codes) = await Scene();
        await using var connection = await Begin();
        await Run(connection, "SELECT 1 FROM vouchers WHERE project_id = @project AND code = @code FOR UPDATE", scrip, ("code", codes[0]));
        var redeeming = scrip.Redeem(new { amount = 1000 }, codes[0]);
        await Waits(connection);
        var coming = Change(scrip, rule, Allowed);
        // It has to wait, or, since what goes in a group gives way when a lock is long in coming, what is held here decides again.
        // If it did neither, the next one would make the counter without the one that is held here.
        await Task.WhenAny(coming, Task.Delay(TimeSpan.FromSeconds(1)));
        var next = coming.IsCompleted ? scrip.Unchecked.Redeem(new { amount = 1000 }, codes[1]) : null;
        if (next is not null) await Task.WhenAny(next, Task.Delay(TimeSpan.FromSeconds(1)));
        await Run(connection, "COMMIT", scrip);
        var done = next is not null && (await next).Status == 200 ? 1 : 0;
        (await redeeming).Expect(200);
        (await coming).Expect(200);
        done++;

        while ((await scrip.Unchecked.Redeem(new { amount = 1000 }, codes[1])).Status == 200) done++;
        done.ShouldBe(Allowed);
    }

    private async Task<(ApiClient Scrip, string Rule, List<string> Codes)> Scene()
    {
        var scrip = await servers.Project(Db.Postgres);
        var codes = await scrip.Codes("coming", 2, quantity: null);
        var rule = await scrip.Rule("order.amount", "$more_than", 1);
        await scrip.Assign(rule, "campaign", (await scrip.Get("/v1/campaigns/coming"))["id"].Text);
        return (scrip, rule, codes);
    }

    private static Task<string> Limit(ApiClient scrip, int allowed) => scrip.Rule("campaign.redemptions.count", "$less_than_or_equal", allowed);

    private static Task<Answer> Change(ApiClient scrip, string rule, int allowed) => scrip.Put($"/v1/validation-rules/{rule}", new
    {
        rules = new Dictionary<string, object> { ["1"] = new { name = "campaign.redemptions.count", conditions = new Dictionary<string, object> { ["$less_than_or_equal"] = new[] { allowed } } } },
    });

    private async Task<NpgsqlConnection> Begin()
    {
        var connection = new NpgsqlConnection((await servers.On(Db.Postgres)).Database.ConnectionString);
        await connection.OpenAsync();
        await using var begin = new NpgsqlCommand("BEGIN", connection);
        await begin.ExecuteNonQueryAsync();
        return connection;
    }

    private static async Task Run(NpgsqlConnection connection, string sql, ApiClient scrip, params (string Name, object Value)[] args)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("project", scrip.Project.Id);
        foreach (var (name, value) in args) command.Parameters.AddWithValue(name, value);
        await command.ExecuteNonQueryAsync();
    }

    // Until somebody waits for what this connection holds.
    private static Task Waits(NpgsqlConnection connection) => Eventually.Holds(async () =>
    {
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))", connection);
        return (bool)(await command.ExecuteScalarAsync())!;
    });
}
