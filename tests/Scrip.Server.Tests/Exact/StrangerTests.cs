using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Scrip.Server.Tests.Exact;

/// <summary>
/// Every operation with the ids of another project, and with each wrong kind of key: the same answer as for an id that
/// does not exist, or 401, and nothing of the other project changes. Turns red when a statement leaves project_id out, or
/// <c>KeyRing</c> the kind of the key.
/// </summary>
public sealed class StrangerTests
{
    [Theory, OnBoth]
    public async Task What_belongs_to_another_project_is_as_if_it_were_not_there(Db db)
    {
        await using var database = await Database.Create(db);
        await using var server = await ScripProcess.Start(database);
        var owner = await Servers.Project(server);
        var ids = await World.Make(owner);
        var stranger = (await Servers.Project(server)).Unchecked;
        var document = JsonNode.Parse((await stranger.Get("/openapi/v1.json")).Expect(200).Bytes)!;
        var before = await Settled(database, owner);

        var wrong = new List<string>();
        foreach (var (method, path, schema) in new Sketch(document, 0).Operations().Where(one => one.Path.Contains('{', StringComparison.Ordinal) && !one.Path.StartsWith("/management", StringComparison.Ordinal)))
        {
            // Both get the same body, whatever the document makes of it.
            var body = schema is null ? null : new Sketch(document, path.Length).Valid(schema);
            var theirs = await stranger.Raw(method, Fill(path, name => ids.Of(path, name)), body);
            var nobodys = await stranger.Raw(method, Fill(path, name => Missing(ids.Of(path, name))), body);
            if (theirs.Status != nobodys.Status || Key(theirs) != Key(nobodys)) wrong.Add($"{method} {path}: {theirs} instead of {nobodys}");
        }
        wrong.ShouldBeEmpty();
        (await Content(database, owner)).ShouldBe(before);
    }

    [Theory, OnBoth]
    public async Task A_wrong_key_reaches_nothing(Db db)
    {
        await using var database = await Database.Create(db);
        await using var server = await ScripProcess.Start(database);
        var owner = await Servers.Project(server);
        var ids = await World.Make(owner);
        var document = JsonNode.Parse((await owner.Unchecked.Get("/openapi/v1.json")).Expect(200).Bytes)!;
        var before = await Settled(database, owner);
        var (id, secret) = (owner.Project.ServerSide.Headers[0].Value, owner.Project.ServerSide.Headers[1].Value);
        var (clientId, clientSecret) = (owner.Project.ClientSide.Headers[0].Value, owner.Project.ClientSide.Headers[1].Value);
        var (managementId, managementSecret) = (DemoKeys.Management.Headers[0].Value, DemoKeys.Management.Headers[1].Value);

        var reached = new List<string>();
        foreach (var (method, path, schema) in new Sketch(document, 0).Operations().Where(one => Regex.IsMatch(one.Path, "^/(v1|v2|client|management)/")))
        {
            var body = schema is null ? null : new Sketch(document, path.Length).Valid(schema);
            Keys[] wrong = path.StartsWith("/management", StringComparison.Ordinal)
                ? [Keys.None, owner.Project.ServerSide, Keys.Management(id, secret), Keys.Management(managementId, "wrong"), owner.Project.ClientSide]
                : path.StartsWith("/client", StringComparison.Ordinal)
                    ? [Keys.None, owner.Project.ServerSide, Keys.ClientSide(id, secret), Keys.ClientSide(clientId, "wrong"), DemoKeys.Management]
                    : [Keys.None, owner.Project.ClientSide, Keys.ServerSide(clientId, clientSecret), Keys.ServerSide(id, "wrong"), Keys.ServerSide("nobody", secret), DemoKeys.Management];
            foreach (var keys in wrong)
            {
                var answer = await owner.With(keys).Unchecked.Raw(method, Fill(path, name => name == "projectId" ? owner.Project.Id : ids.Of(path, name)), body);
                if (answer.Status != 401) reached.Add($"{method} {path} with {string.Join(", ", keys.Headers)}: {answer}");
            }
        }
        reached.ShouldBeEmpty();
        (await Content(database, owner)).ShouldBe(before);
    }

    private static string Fill(string path, Func<string, string> value) => Regex.Replace(path, @"\{([^}]*)\}", name => value(name.Groups[1].Value));

    // As long and of the same kind, and nobody's.
    private static string Missing(string id) => id.Contains('_', StringComparison.Ordinal) ? $"{id.Split('_')[0]}_{new string('z', id.Length - id.IndexOf('_', StringComparison.Ordinal) - 1)}" : $"{id}-of-nobody";

    private static string Key(Answer answer)
    {
        try
        {
            return answer["key"].ToString();
        }
        catch (System.Text.Json.JsonException)
        {
            return answer.Text;
        }
    }

    // What follows in the background from making the world is over.
    private static async Task<string> Settled(Database database, ApiClient of)
    {
        var before = await Content(database, of);
        for (var same = 0; same < 3;)
        {
            await Task.Delay(300);
            var now = await Content(database, of);
            same = now == before ? same + 1 : 0;
            before = now;
        }
        return before;
    }

    // Of every table that has projects, a hash of the project's rows. What is written about calls themselves does not count.
    private static async Task<string> Content(Database database, ApiClient of)
    {
        var tables = await Tables.Rows(database, database.Db == Db.Sqlite
            ? "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'project_id' WHERE m.type = 'table' AND m.name NOT LIKE '%audit%' ORDER BY 1"
            : "SELECT c.table_name FROM information_schema.columns c WHERE c.column_name = 'project_id' AND c.table_schema = 'public' AND c.table_name NOT LIKE '%audit%' ORDER BY 1");
        var text = new StringBuilder();
        foreach (var table in tables.Select(row => row[0]))
        {
            var rows = (await Tables.Rows(database, $"SELECT * FROM {table} WHERE project_id = '{of.Project.Id}'")).Select(row => string.Join('|', row)).Order(StringComparer.Ordinal);
            text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{table} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', rows))))}");
        }
        return text.ToString();
    }
}
