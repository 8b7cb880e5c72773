namespace Scrip.Server.Tests.Features.Projects;

public sealed class ProjectTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_project_is_made_changed_and_deleted_with_its_keys(Db db)
    {
        var scrip = await servers.Project(db);
        var management = scrip.AsManagement;
        (await management.Get("/management/v1/projects")).Expect(200).Text.ShouldContain(scrip.Project.Id);
        var shown = (await management.Get($"/management/v1/projects/{scrip.Project.Id}")).Expect(200);
        shown.Text.ShouldNotContain("app_token");
        (await management.Put($"/management/v1/projects/{scrip.Project.Id}", new { timezone = "Europe/Vienna" })).Expect(200)["currency"].ShouldBe("EUR");
        (await management.Put($"/management/v1/projects/{scrip.Project.Id}", new { timezone = "Mars/Olympus" })).Expect(400);
        (await scrip.Get("/v1/products")).Expect(200);
        (await management.Delete($"/management/v1/projects/{scrip.Project.Id}")).Expect(204);
        (await management.Get($"/management/v1/projects/{scrip.Project.Id}")).Expect(404);
        // A key is trusted for a second after it was read.
        await Task.Delay(1100);
        (await scrip.Get("/v1/products")).Expect(401);
    }

    [Theory]
    [OnBoth("SUNDAY", DayOfWeek.Sunday)]
    [OnBoth("SATURDAY", DayOfWeek.Saturday)]
    [OnBoth(null, DayOfWeek.Monday)]
    public async Task Weeks_begin_on_the_day_of_the_project(Db db, string? setting, DayOfWeek first)
    {
        var scrip = await servers.Project(db);
        var path = $"/management/v1/projects/{scrip.Project.Id}";
        if (setting is not null) (await scrip.AsManagement.Put(path, new { first_day_of_week = setting, timezone = "UTC" })).Expect(200)["first_day_of_week"].ShouldBe(setting);
        else (await scrip.AsManagement.Put(path, new { timezone = "UTC" })).Expect(200)["first_day_of_week"].ShouldBe("MONDAY");
        (await scrip.AsManagement.Put(path, new { first_day_of_week = "TUESDAY" })).Expect(400);
        var code = await scrip.Coupon("weekly", new { type = "AMOUNT", amount_off = 100 });
        await scrip.Assign(await scrip.Rule("redemption.count.weekly", "$less_than_or_equal", 5), "voucher", (await scrip.Get("/v1/vouchers/weekly"))["id"].Text);

        var day = TimeProvider.System.GetUtcNow().UtcDateTime.Date;
        (await scrip.Redeem(new { amount = 1000 }, code)).Expect(200);

        while (day.DayOfWeek != first) day = day.AddDays(-1);
        (await Tables.Run(await servers.On(db), "UPDATE usage_counters SET uses = uses WHERE project_id = @project AND win = @win",
            ("project", scrip.Project.Id), ("win", $"W{day:yyyy-MM-dd}"))).ShouldBe(1);
    }

    [Theory, OnBoth]
    public async Task Hours_are_those_of_the_projects_time_zone(Db db)
    {
        var now = TimeProvider.System.GetUtcNow();
        // Somewhere it is morning and somewhere else it is not.
        var auckland = TimeZoneInfo.FindSystemTimeZoneById("Pacific/Auckland");
        var there = TimeZoneInfo.ConvertTime(now, auckland);
        var voucher = new
        {
            type = "DISCOUNT_VOUCHER",
            discount = new { type = "AMOUNT", amount_off = 100 },
            validity_hours = new
            {
                daily = new[] { new { days_of_week = new[] { 0, 1, 2, 3, 4, 5, 6 }, start_time = there.AddHours(-2).ToString("HH:mm"), expiration_time = there.AddHours(2).ToString("HH:mm") } },
            },
        };
        foreach (var (zone, valid) in new[] { ("Pacific/Auckland", true), ("UTC", false) })
        {
            var scrip = await servers.Project(db, new { name = "zoned " + zone, timezone = zone });
            (await scrip.Post("/v1/vouchers/morning", voucher)).Expect(200);
            (await scrip.Validate(new { amount = 1000 }, "morning")).Expect(200)["valid"].ShouldBe(valid);
        }
    }
}
