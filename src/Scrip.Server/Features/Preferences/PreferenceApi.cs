using System.Data.Common;
using Microsoft.AspNetCore.Http.Features;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.Preferences;

/// <summary>
/// Serves each customer's page about e-mail without a key: its address is signed. Looking changes nothing, since scanners
/// of mail follow links; a form changes what is set, and so does the one click of RFC 8058. Whatever is wrong with an
/// address, the answer is the same.
/// </summary>
static class PreferenceApi
{
    const int FormMax = 8 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(PreferenceLinks.Path + "{**id}", ["GET", "HEAD"], (RequestDelegate)Look);
        routes.MapPost(PreferenceLinks.Path + "{**id}", (RequestDelegate)Choose);
    }

    static async Task Look(HttpContext http)
    {
        var shown = await Named(http) is { } named ? await Read(http, named) : null;
        await (shown is null ? PreferencePage.Missing(http) : PreferencePage.Write(http, shown.Project, shown.Customer, isChanged: false));
    }

    static async Task Choose(HttpContext http)
    {
        if (await Named(http) is not { } named)
        {
            await PreferencePage.Missing(http);
            return;
        }
        if (await Choice(http) is not { } choice)
        {
            await PreferencePage.NotUnderstood(http);
            return;
        }
        var links = new PreferenceLinks(await Secret(http), Origin(http));
        var shown = await Keep(http, named, choice, links);
        http.RequestServices.GetRequiredService<OutboxSignal>().Wake();
        await (shown is null ? PreferencePage.Missing(http) : PreferencePage.Write(http, shown.Project, shown.Customer, isChanged: true));
    }

    static Task<Shown?> Read(HttpContext http, (string Project, string Customer) named)
    {
        var database = Database(http);
        return database.Read(db => Load(db, database.Dialect, named));
    }

    static Task<Shown?> Keep(HttpContext http, (string Project, string Customer) named, string choice, PreferenceLinks links)
    {
        var (database, now) = (Database(http), Exchange.Of(http).StartedAt);
        return database.Write(db => Keep(db, database.Dialect, named, choice, links, now));
    }

    static async Task<Shown?> Keep(DbConnection db, Dialect dialect, (string Project, string Customer) named, string choice, PreferenceLinks links, long now)
    {
        if (await Load(db, dialect, named) is null) return null;
        await PreferenceSql.Choose(db, named.Project, named.Customer, choice, now);
        var isFirst = choice == EmailChoice.Subscribed && await PreferenceSql.Confirm(db, named.Project, named.Customer, now);
        // As it is after the write, which kept others out.
        if (await Load(db, dialect, named) is not { } shown) return null;
        if (isFirst)
        {
            var summary = (await CustomerSummarySql.Of(db, dialect, named.Project, [named.Customer])).GetValueOrDefault(named.Customer);
            await Happening.Tell(db, named.Project, EventTypes.CustomerConfirmed, named.Customer, new CustomerTold(CustomerView.Show(shown.Customer, summary, links)), now);
        }
        return shown;
    }

    static async Task<Shown?> Load(DbConnection db, Dialect dialect, (string Project, string Customer) named) =>
        await ProjectSql.Find(db, named.Project) is { } project && await CustomerSql.Among(db, dialect, named.Project, [named.Customer]) is [var customer]
            ? new(project.Name, customer)
            : null;

    static async Task<(string Project, string Customer)?> Named(HttpContext http) =>
        http.Request.RouteValues["id"] is string id ? PreferenceLinks.Read(await Secret(http), id) : null;

    // What a form, or the program that a customer reads mail with, asks for; null when it is neither.
    static async Task<string?> Choice(HttpContext http)
    {
        if (!http.Request.HasFormContentType) return null;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = FormMax;
        try
        {
            var form = await http.Request.ReadFormAsync(
                new FormOptions { ValueCountLimit = 10, KeyLengthLimit = 100, ValueLengthLimit = 100, MultipartBodyLengthLimit = FormMax, BufferBodyLengthLimit = FormMax }, http.RequestAborted);
            if (form["List-Unsubscribe"] == "One-Click") return EmailChoice.Unsubscribed;
            return form[PreferencePage.Field].ToString() is var text and (EmailChoice.Subscribed or EmailChoice.Unsubscribed) ? text : null;
        }
        catch (Exception fault) when (fault is InvalidDataException or BadHttpRequestException or IOException)
        {
            return null;
        }
    }

    static string Origin(HttpContext http) =>
        http.RequestServices.GetRequiredService<Platform.Settings>().PublicUrl ?? $"{http.Request.Scheme}://{http.Request.Host}";

    static ValueTask<byte[]> Secret(HttpContext http) => http.RequestServices.GetRequiredService<AssetSecret>().Read();

    static Database Database(HttpContext http) => http.RequestServices.GetRequiredService<Database>();

    sealed record Shown(string Project, CustomerRow Customer);
}
