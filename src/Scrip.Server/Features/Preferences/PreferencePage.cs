using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Scrip.Server.Features.Customers;

namespace Scrip.Server.Features.Preferences;

/// <summary>
/// The HTML of the preference center. A page needs nothing but itself and runs no script; all that comes from the
/// database is encoded; nobody keeps it, frames it or learns its address from it.
/// </summary>
static class PreferencePage
{
    /// <summary>The field of the form.</summary>
    public const string Field = "emails";

    const string Style = """
        body{font:1.125rem/1.6 system-ui,sans-serif;color:#1b1b1f;background:#f6f6f8;margin:0}
        main{max-width:34rem;margin:3rem auto;padding:1.5rem 2rem 2rem;background:#fff;border-radius:.5rem}
        h1{font-size:1.5rem;line-height:1.3;overflow-wrap:anywhere}p{overflow-wrap:anywhere}
        p[role=status]{border-left:.25rem solid #0a6b3d;padding-left:.75rem}
        button{font:inherit;padding:.6rem 1.2rem;margin:.25rem .5rem .25rem 0;border:2px solid #1f3fae;border-radius:.4rem;background:#1f3fae;color:#fff;cursor:pointer}
        button.quiet{background:#fff;color:#1f3fae}button:focus-visible{outline:3px solid #b25e00;outline-offset:2px}
        """;

    static readonly string Policy = "default-src 'none'; style-src 'sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))
        + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>What is set for a customer, and the form that changes it.</summary>
    public static Task Write(HttpContext http, string project, CustomerRow customer, bool isChanged)
    {
        var isOff = customer.EmailChoice == EmailChoice.Unsubscribed;
        var set = customer.EmailChoice switch
        {
            EmailChoice.Subscribed => "You said that e-mails are welcome.",
            EmailChoice.Unsubscribed => "You are unsubscribed: no e-mails are sent to you.",
            _ => "You have not said yet whether e-mails are welcome. Until you unsubscribe, they may be sent to you.",
        };
        var html = new StringBuilder()
            .Append("<h1>E-mails from ").Append(Encoded(project)).Append("</h1>")
            .Append(isChanged ? "<p role=\"status\">Saved. " : "<p>").Append(set).Append("</p>")
            .Append("<p>E-mail address: ").Append(customer.Email is { Length: > 0 } email ? $"<strong>{Encoded(Masked(email))}</strong>" : "none is known").Append("</p>")
            .Append("<form method=\"post\">");
        if (customer.EmailChoice != EmailChoice.Subscribed) html.Append(Button(EmailChoice.Subscribed, isOff ? "Subscribe again" : "Yes, e-mails are welcome", isQuiet: false));
        if (!isOff) html.Append(Button(EmailChoice.Unsubscribed, "Unsubscribe", isQuiet: true));
        return Send(http, StatusCodes.Status200OK, $"E-mails from {project}", html.Append("</form>").ToString());
    }

    /// <summary>The answer to every address that is not one of ours, or no longer.</summary>
    public static Task Missing(HttpContext http) =>
        Send(http, StatusCodes.Status404NotFound, "Not found", "<h1>Not found</h1><p>There is no such page. Please open the link of a newer e-mail.</p>");

    /// <summary>The answer to a form that says nothing; nothing was changed.</summary>
    public static Task NotUnderstood(HttpContext http) =>
        Send(http, StatusCodes.Status400BadRequest, "Not saved", "<h1>Not saved</h1><p>That could not be understood. Please open the link again and use its buttons.</p>");

    /// <summary>An address that its owner recognises, and others do not learn.</summary>
    internal static string Masked(string email)
    {
        var at = email.LastIndexOf('@');
        var local = at < 0 ? email : email[..at];
        var first = local.EnumerateRunes().FirstOrDefault();
        return $"{(local.Length > 1 ? first.ToString() : "")}•••{(at < 0 ? "" : email[at..])}";
    }

    static string Button(string choice, string label, bool isQuiet) =>
        $"<button type=\"submit\" name=\"{Field}\" value=\"{choice}\"{(isQuiet ? " class=\"quiet\"" : "")}>{label}</button>";

    static string Encoded(string text) => HtmlEncoder.Default.Encode(text);

    static async Task Send(HttpContext http, int status, string title, string main)
    {
        var page = Encoding.UTF8.GetBytes(
            $"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{Encoded(title)}</title><style>{Style}</style></head><body><main>{main}</main></body></html>");
        var (response, headers) = (http.Response, http.Response.Headers);
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = page.Length;
        headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["X-Robots-Tag"] = "noindex, nofollow";
        if (!HttpMethods.IsHead(http.Request.Method)) await response.Body.WriteAsync(page);
    }
}
