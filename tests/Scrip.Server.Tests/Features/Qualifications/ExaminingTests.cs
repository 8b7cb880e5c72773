using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Qualifications;

public sealed class ExaminingTests(Servers servers)
{
    private static readonly object Body = new { order = new { amount = 10_000 } };

    [Theory, OnBoth]
    public async Task The_older_qualification_of_vouchers_answers_generic_codes_whole(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Campaign("Unique codes", new { type = "AMOUNT", amount_off = 100 });
        await scrip.Coupon("b", new { type = "AMOUNT", amount_off = 100 });
        await scrip.Coupon("a", new { type = "AMOUNT", amount_off = 100 });
        await scrip.Coupon("held", new { type = "AMOUNT", amount_off = 100 });
        await servers.Give(scrip, "held", await scrip.Customer("ada"));

        var answer = (await scrip.Post("/v1/vouchers/qualification", Body)).Expect(200);

        Codes(answer).ShouldBe(["a", "b"]);
        answer["total"].ShouldBe(2);
        answer["data"][0]["discount"]["amount_off"].ShouldBe(100);
        answer["tracking_id"].Text.ShouldStartWith("track_");
        Codes((await scrip.Post("/v1/vouchers/qualification?order=-code", Body)).Expect(200)).ShouldBe(["b", "a"]);
        Codes((await scrip.Post("/v1/vouchers/qualification?order=created_at&limit=1", Body)).Expect(200)).ShouldBe(["b"]);
        (await scrip.Count("/v1/redemptions")).ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task The_older_qualification_looks_at_the_audience_alone_when_asked(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.GiftCard("CARD", 500);
        var cart = new { order = new { items = new[] { new { source_id = "unknown" } } } };

        Codes((await scrip.Post("/v1/vouchers/qualification", cart)).Expect(200)).ShouldBeEmpty();
        Codes((await scrip.Post("/v1/vouchers/qualification?audienceRulesOnly=true", cart)).Expect(200)).ShouldBe(["CARD"]);
    }

    [Theory, OnBoth]
    public async Task The_older_qualification_of_campaigns_answers_campaigns_of_codes_whole(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("GENERIC", new { type = "AMOUNT", amount_off = 100 });
        var zebra = await scrip.Campaign("Zebra", new { type = "AMOUNT", amount_off = 100 });
        var ape = await scrip.Campaign("Ape", new { type = "PERCENT", percent_off = 10 }, codes: 2);
        var off = await scrip.Campaign("Off", new { type = "AMOUNT", amount_off = 100 });
        (await scrip.Post($"/v1/campaigns/{off}/disable")).Expect(200);

        var answer = (await scrip.Post("/v1/campaigns/qualification", Body)).Expect(200);

        Ids(answer).ShouldBe([ape, zebra]);
        answer["data"][0]["name"].ShouldBe("Ape");
        answer["data"][0]["vouchers_count"].ShouldBe(2);
        answer["data"][0]["voucher"]["discount"]["percent_off"].ShouldBe(10);
        Ids((await scrip.Post("/v1/campaigns/qualification?order=-campaign", Body)).Expect(200)).ShouldBe([zebra, ape]);
        Ids((await scrip.Post("/v1/campaigns/qualification?order=created_at&limit=1", Body)).Expect(200)).ShouldBe([zebra]);
    }

    [Theory]
    [OnBoth("/v1/vouchers/qualification?limit=51")]
    [OnBoth("/v1/vouchers/qualification?limit=x")]
    [OnBoth("/v1/vouchers/qualification?order=price")]
    [OnBoth("/v1/vouchers/qualification?audienceRulesOnly=maybe")]
    [OnBoth("/v1/campaigns/qualification?limit=0")]
    [OnBoth("/v1/campaigns/qualification?order=-price")]
    public async Task Parameters_outside_their_range_are_refused(Db db, string path)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post(path, Body)).Expect(400)["key"].ShouldBe("invalid_query_params");
    }

    [Theory, OnBoth]
    public async Task Another_projects_codes_and_campaigns_are_not_answered(Db db)
    {
        var (mine, other) = (await servers.Project(db), await servers.Project(db));
        await other.Coupon("THEIRS", new { type = "AMOUNT", amount_off = 100 });
        await other.Campaign("Theirs", new { type = "AMOUNT", amount_off = 100 });

        Codes((await mine.Post("/v1/vouchers/qualification", Body)).Expect(200)).ShouldBeEmpty();
        Ids((await mine.Post("/v1/campaigns/qualification", Body)).Expect(200)).ShouldBeEmpty();
    }

    private static string[] Codes(Answer answer) => [.. answer["data"].Items.Select(one => one["code"].Text)];

    private static string[] Ids(Answer answer) => [.. answer["data"].Items.Select(one => one["id"].Text)];
}
