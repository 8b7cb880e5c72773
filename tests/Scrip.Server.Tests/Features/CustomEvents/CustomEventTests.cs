namespace Scrip.Server.Tests.Features.CustomEvents;

/// <summary>Events of the shop's own, and their definitions.</summary>
public sealed class CustomEventTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task An_event_makes_its_customer_and_is_told_of_it(Db db)
    {
        var scrip = await servers.Project(db);
        var answer = (await scrip.Post("/v1/events", new { @event = "review_left", customer = new { source_id = "ada", name = "Ada" }, metadata = new { stars = 5 } })).Expect(200);
        answer["object"].ShouldBe("event");
        answer["type"].ShouldBe("review_left");
        answer["customer"]["name"].ShouldBe("Ada");
        answer["metadata"]["stars"].ShouldBe(5);
        answer["loyalty"].IsNull.ShouldBeTrue();
        (await scrip.AsClient.Post("/client/v1/events", new { @event = "review_left", customer = new { source_id = "ada" } })).Expect(200);

        var list = await Eventually.Answers(() => scrip.Get("/v1/customers/ada/activity?type=customer.custom_event"), told => told["data"].Items.Count == 2);

        list["data"].Items[1]["data"]["data"]["event"]["metadata"]["stars"].ShouldBe(5);
        list["data"].Items[0]["data"]["event_source"]["channel"].ShouldBe("CLIENT_API");
        (await scrip.Get("/v1/customers/ada")).Expect(200)["name"].ShouldBe("Ada");
    }

    [Theory, OnBoth]
    public async Task Bad_events_are_refused_and_write_nothing(Db db)
    {
        var scrip = await servers.Project(db);
        foreach (var (body, status) in new (object, int)[]
        {
            (new { customer = new { source_id = "ada" } }, 400),
            (new { @event = "x" }, 400),
            (new { @event = new string('x', 301), customer = new { source_id = "ada" } }, 400),
            (new { @event = "x", customer = new { name = "Ada" } }, 400),
            (new { @event = "x", customer = new { id = "cust_unknown" } }, 404),
            (new { @event = "x", customer = new { source_id = "ada" }, referral = new { referrer_id = "y" } }, 400),
            (new { @event = "x", customer = new { source_id = "ada" }, referral = new { code = "unknown" } }, 404),
            (new { @event = "x", customer = new { source_id = "ada" }, loyalty = new { code = "unknown" } }, 404),
            (new { @event = "x", customer = new { source_id = "ada" }, metadata = "text" }, 400),
        })
            (await scrip.Post("/v1/events", body)).Expect(status);
        (await scrip.Get("/v1/customers")).Expect(200)["total"].ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task An_event_that_is_defined_is_held_against_its_definition(Db db)
    {
        var scrip = await servers.Project(db);
        var path = $"/management/v1/projects/{scrip.Project.Id}/custom-event-schemas";
        var made = (await scrip.AsManagement.Post(path, new
        {
            name = "review_left",
            schema = new { properties = new { stars = new { type = "number", optional = false }, text = new { type = "string", optional = true }, on = new { type = "date", optional = true } } },
        })).Expect(200);
        made["object"].ShouldBe("custom-event-schema");

        await Track(scrip, new { stars = 5 }, 200);
        await Track(scrip, new { stars = 5, text = "good", on = "2024-02-29" }, 200);
        await Track(scrip, new { text = "good" }, 400, ".metadata.stars");
        await Track(scrip, new { stars = "five" }, 400, ".metadata.stars");
        await Track(scrip, new { stars = 5, on = "yesterday" }, 400, ".metadata.on");
        await Track(scrip, new { stars = 5, color = "red" }, 400, ".metadata.color");

        var id = made["id"].Text;
        (await scrip.AsManagement.Put($"{path}/{id}", new { schema = new { properties = new { stars = new { type = "string", optional = false }, text = new { type = "string", optional = true, deleted = true } } } })).Expect(200);
        await Track(scrip, new { stars = "five" }, 200);
        await Track(scrip, new { stars = "five", text = "good" }, 400, ".metadata.text");
        (await scrip.AsManagement.Get($"{path}/{id}")).Expect(200)["schema"]["properties"]["on"]["type"].ShouldBe("date");
        (await scrip.AsManagement.Get(path)).Expect(200)["total"].ShouldBe(1);
        (await scrip.AsManagement.Post(path, new { name = "review_left", schema = new { properties = new { } } })).Expect(409);
        (await scrip.AsManagement.Post(path, new { name = "other", schema = new { properties = new { x = new { type = "color", optional = true } } } })).Expect(400);
        (await scrip.AsManagement.Delete($"{path}/{id}")).Expect(204);
        (await scrip.AsManagement.Get($"{path}/{id}")).Expect(404);
        await Track(scrip, new { color = "red" }, 200);
    }

    private static async Task Track(ApiClient scrip, object metadata, int status, string? details = null)
    {
        var answer = (await scrip.Post("/v1/events", new { @event = "review_left", customer = new { source_id = "ada" }, metadata })).Expect(status);
        if (details is not null) answer["details"].Text.ShouldContain(details);
    }
}
