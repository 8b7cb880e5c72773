using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Platform.Jobs;

/// <summary>Whose turn it is, and what becomes of jobs that nobody waits for.</summary>
public sealed class JobTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_small_job_does_not_wait_for_the_large_one_of_another_project(Db db)
    {
        var (large, small) = (await servers.Project(db), await servers.Project(db));
        await Large(large, 150_000);
        while ((await Only(large))["status"].Text == "ENQUEUED") await Task.Delay(10);
        var action = await small.Done((await small.Upload("/v1/vouchers/importCSV", "Code,Voucher Type,Value\nA,GIFT_VOUCHER,1\n")).Expect(202)["async_action_id"].Text);
        action["status"].ShouldBe("DONE");
        var other = await Only(large);
        other["status"].ShouldBe("IN_PROGRESS");
        other["progress"].Number.ShouldBeInRange(1, 99);
        (await large.AsManagement.Delete($"/management/v1/projects/{large.Project.Id}")).Expect(204);
    }

    [Theory, OnBoth]
    public async Task Jobs_end_with_their_project(Db db)
    {
        var scrip = await servers.Project(db);
        var database = (await servers.On(db)).Database;
        await Large(scrip, 150_000);
        (await scrip.AsManagement.Delete($"/management/v1/projects/{scrip.Project.Id}")).Expect(204);
        (await Open()).ShouldBeEmpty();
        var before = await Count();
        await Task.Delay(300);
        (await Count()).ShouldBe(before);
        before.Single().ShouldNotBe("150000");

        Task<List<string>> Open() => Tables.Read(database, "SELECT id FROM async_actions WHERE project_id = @project AND status <> 'FAILED'", ("project", scrip.Project.Id));
        Task<List<string>> Count() => Tables.Read(database, "SELECT COUNT(*) FROM vouchers WHERE project_id = @project", ("project", scrip.Project.Id));
    }

    [Theory, OnBoth]
    public async Task A_job_that_fails_is_put_back_and_keeps_nobody_waiting(Db db)
    {
        var scrip = await servers.Project(db);
        var server = await servers.On(db);
        await Tables.Run(server, """
            INSERT INTO async_actions (project_id, id, type, status, parameters, created_at) VALUES (@project, 'aa_broken', 'VOUCHERS.IMPORT', 'ENQUEUED', '[]', 1)
            """, ("project", scrip.Project.Id));
        await scrip.Done((await scrip.Upload("/v1/customers/importCSV", "source_id\nada\n")).Expect(202)["async_action_id"].Text);
        await Eventually.Becomes(Attempts, attempts => attempts is ["2" or "3" or "4"]);
        (await scrip.Get("/v1/async-actions/aa_broken")).Expect(200)["status"].ShouldBe("IN_PROGRESS");
        await Tables.Run(server, "UPDATE async_actions SET lease_until = 0, attempts = 4 WHERE project_id = @project AND id = 'aa_broken'", ("project", scrip.Project.Id));
        (await scrip.Done("aa_broken"))["status"].ShouldBe("FAILED");

        Task<List<string>> Attempts() => Tables.Read(server.Database, "SELECT attempts FROM async_actions WHERE project_id = @project AND id = 'aa_broken'", ("project", scrip.Project.Id));
    }

    [Theory, OnBoth]
    public async Task Another_projects_async_actions_are_not_there(Db db)
    {
        var (one, other) = (await servers.Project(db), await servers.Project(db));
        var id = (await one.Upload("/v1/customers/importCSV", "source_id\nada\n")).Expect(202)["async_action_id"].Text;
        await one.Done(id);
        (await other.Get($"/v1/async-actions/{id}")).Expect(404);
        (await other.Get("/v1/async-actions")).Expect(200)["async_actions"].Items.ShouldBeEmpty();
    }

    static async Task<Part> Only(ApiClient scrip) => (await scrip.Get("/v1/async-actions")).Expect(200)["async_actions"][0];

    static async Task Large(ApiClient scrip, int count) => (await scrip.Post("/v1/campaigns", new
    {
        name = "Large",
        campaign_type = "DISCOUNT_COUPONS",
        vouchers_count = count,
        voucher = new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 100 }, code_config = new { length = 12 } },
    })).Expect(200);
}
