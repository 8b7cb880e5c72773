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

    /// <summary>Lists the commands.</summary>
    public static int Help()
    {
        Console.Error.WriteLine("""
            Usage: Scrip.Server [command]
              serve     start the server (default); settings come from the environment, see the README
              migrate   bring the database's schema up to date
              routes    list the operations that are served
            """);
        return 2;
    }
}
