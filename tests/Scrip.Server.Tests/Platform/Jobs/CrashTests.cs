using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Platform.Jobs;

/// <summary>Jobs on a server that is killed again and again.</summary>
public sealed class CrashTests(Servers servers)
{
    const int KillsMax = 8;

    // Many small chunks, so that there are many moments between two of them and within one.
    static readonly Dictionary<string, string> SmallChunks = new() { ["SCRIP_CHUNK"] = "100" };

    [Theory, OnBoth]
    public async Task Jobs_of_every_kind_come_to_the_same_however_often_the_server_is_killed(Db db)
    {
        var calm = await servers.Project(db);
        await BulkScene.Prepare(calm);
        await BulkScene.Begin(calm);
        await BulkScene.AllDone(calm);
        var wanted = await BulkScene.Content((await servers.On(db)).Database, calm.Project.Id);

        await using var database = await Database.Create(db);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        string project;
        await using (var first = await ScripProcess.Start(database, SmallChunks))
        {
            var scrip = Servers.Demo(first);
            project = scrip.Project.Id;
            await BulkScene.Prepare(scrip);
            await BulkScene.Begin(scrip);
        }
        var kills = 1;
        for (var isOpen = true; isOpen && kills < KillsMax; kills++)
        {
            await using var next = await ScripProcess.Start(database, SmallChunks);
            await Task.Delay(random.Next(120));
            isOpen = await BulkScene.AnyOpen(Servers.Demo(next));
        }
        await using var last = await ScripProcess.Start(database, SmallChunks);
        await BulkScene.AllDone(Servers.Demo(last));
        kills.ShouldBeGreaterThan(4, "the jobs were done too soon for the test to mean much");

        var found = await BulkScene.Content(database, project);
        var differences = wanted.Zip(found).Where(pair => pair.First != pair.Second).Take(5).ToList();
        differences.ShouldBeEmpty($"with {kills} kills and the seed {seed}");
        found.Count.ShouldBe(wanted.Count);
        (await ScripProcess.Run(database, "ledger", "verify")).ShouldNotBeEmpty();
    }
}
