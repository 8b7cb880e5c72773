using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server;

/// <summary>The commands beside <c>serve</c>. Each prints what it did and answers the exit code.</summary>
static class Commands
{
    /// <summary>Brings the schema up to date.</summary>
    public static int Migrate(string[] args)
    {
        var settings = Settings.Read(WebApplication.CreateBuilder(args).Configuration);
        Database.Open(settings).Migrate();
        Console.WriteLine("The schema is up to date.");
        return 0;
    }

    /// <summary>Prints method and path of every mapped operation, tab separated.</summary>
    public static int Routes(string[] args)
    {
        var app = Serving.Build(args);
        foreach (var endpoint in ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<NeedsKey>() is null) continue;
            foreach (var method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods)
                Console.WriteLine($"{method}\t{endpoint.RoutePattern.RawText}");
        }
        return 0;
    }

    /// <summary>Adds the ledger of gift credits up again; 1 when something does not add up.</summary>
    public static async Task<int> VerifyLedger(string[] args)
    {
        await using var db = Database.Open(Settings.Read(WebApplication.CreateBuilder(args).Configuration));
        var report = await db.Read(Ledger.Verify);
        foreach (var difference in report.Differences) Console.WriteLine(difference);
        Console.WriteLine($"{report.Postings} postings, {report.Cards} cards, {report.Differences.Count} differences");
        return report.Differences.Count == 0 ? 0 : 1;
    }

    /// <summary>Lists the commands.</summary>
    public static int Help()
    {
        Console.Error.WriteLine("""
            Usage: Scrip.Server [command]
              serve          start the server (default); settings come from the environment, see the README
              migrate        bring the database's schema up to date
              ledger verify  add up the ledger of gift credits and compare it with the cards
              routes         list the operations that are served
            """);
        return 2;
    }
}
