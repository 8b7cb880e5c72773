using System.Text;
using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Exports;

/// <summary>Exports in one line each.</summary>
public static class Exporting
{
    /// <summary>Exports, waits for the file, and answers its lines as cells.</summary>
    public static async Task<List<string[]>> Exported(this ApiClient scrip, string what, object? parameters = null, string path = "/v1/exports") =>
        Cells(await scrip.Unchecked.Text((await scrip.Post(path, new { exported_object = what, parameters })).Expect(200)["id"].Text));

    /// <summary>The file of an export once it is made.</summary>
    public static async Task<string> Text(this ApiClient scrip, string id)
    {
        var url = await scrip.Link(id);
        return Encoding.UTF8.GetString((await scrip.AsNobody.Get(url[url.IndexOf("/v1/", StringComparison.Ordinal)..])).Expect(200).Bytes);
    }

    /// <summary>The link to the file of an export once it is made.</summary>
    public static async Task<string> Link(this ApiClient scrip, string id) => (await Eventually.Answers(() => scrip.Get($"/v1/exports/{id}"), export =>
    {
        if (export.Expect(200)["status"].Text == "DONE") return true;
        export["status"].Text.ShouldBeOneOf("SCHEDULED", "IN_PROGRESS");
        export["result"].IsNull.ShouldBeTrue();
        return false;
    }))["result"]["url"].Text;

    /// <summary>A file as RFC 4180 reads it.</summary>
    public static List<string[]> Cells(string text)
    {
        var (lines, cells, cell, quoted) = (new List<string[]>(), new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            if (quoted && text[i] == '"' && i + 1 < text.Length && text[i + 1] == '"') cell.Append(text[i++]);
            else if (text[i] == '"') quoted = !quoted;
            else if (quoted || text[i] is not (',' or '\r' or '\n')) cell.Append(text[i]);
            else if (text[i] == ',') Take();
            else if (text[i] == '\n')
            {
                Take();
                lines.Add([.. cells]);
                cells.Clear();
            }
        }
        quoted.ShouldBeFalse();
        cell.Length.ShouldBe(0);
        return lines;

        void Take()
        {
            cells.Add(cell.ToString());
            cell.Clear();
        }
    }
}
