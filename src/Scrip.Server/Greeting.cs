using Scrip.Server.Features.Demo;
using Scrip.Server.Platform;

namespace Scrip.Server;

/// <summary>What the operator reads at the start: addresses, and the keys that were just made.</summary>
static class Greeting
{
    public static void Print(WebApplication app, NewKeys? keys)
    {
        var settings = app.Services.GetRequiredService<Settings>();
        Console.WriteLine($"""

            Scrip is ready at {settings.Url}
              API docs    {settings.Url}/docs
              OpenAPI     {settings.Url}/openapi/v1.json
              metrics     {settings.Url}/metrics
              database    {Where(settings.Database)}
            """);
        if (keys is null) return;
        Console.WriteLine($"""

            Project "{keys.ProjectName}" ({keys.ProjectId}) was made. Its keys are shown once:
              X-App-Id                  {keys.Server.AppId}
              X-App-Token               {keys.Server.AppToken}
              X-Client-Application-Id   {keys.Client.AppId}
              X-Client-Token            {keys.Client.AppToken}
              X-Management-Id           {keys.Management.AppId}
              X-Management-Token        {keys.Management.AppToken}

            """);
    }

    // Never the password.
    static string Where(string database) => database.StartsWith("sqlite:", StringComparison.Ordinal)
        ? database
        : new Uri(database) is var uri ? $"postgres://{uri.Host}:{uri.Port}{uri.AbsolutePath}" : "";
}
