using System.Buffers.Binary;
using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;
using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Exports;

/// <summary>The link to a file opens that file alone, for a while, and only as it was signed.</summary>
public sealed class LinkTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_link_needs_no_key_and_sends_a_file_that_is_saved_and_not_shown(Db db)
    {
        var scrip = await servers.Project(db);
        var id = (await scrip.Post("/v1/exports", new { exported_object = "customer" })).Expect(200)["id"].Text;
        var link = await Path(scrip, id);
        var answer = (await scrip.AsNobody.Get(link)).Expect(200);
        answer.Text.ShouldBe("Name,Source ID\r\n");
        answer.Header("Content-Disposition").ShouldBe($"attachment; filename=\"customer-{id}.csv\"");
        answer.Header("X-Content-Type-Options").ShouldBe("nosniff");
        answer.ContentHeaders.ContentLength.ShouldBe(answer.Bytes.Length);
        (await scrip.Get($"/v1/exports/{id}")).Expect(200)["id"].ShouldBe(id);
    }

    [Theory, OnBoth]
    public async Task A_tampered_link_opens_nothing(Db db)
    {
        var (scrip, other) = (await servers.Project(db), await servers.Project(db));
        var id = (await scrip.Post("/v1/exports", new { exported_object = "customer" })).Expect(200)["id"].Text;
        var others = (await other.Post("/v1/exports", new { exported_object = "customer" })).Expect(200)["id"].Text;
        var (link, foreign) = (await Path(scrip, id), await Path(other, others));
        var token = link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..];
        for (var i = 0; i < token.Length; i += 5)
        {
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            (await scrip.AsNobody.Get($"/v1/exports/{id}?token={changed}")).Expect(401);
        }
        foreach (var bad in new[] { "", "x", token[..^1], token + "A", new string('A', 5000), "%00", "%F0%9F%99%82" })
            (await scrip.AsNobody.Get($"/v1/exports/{id}?token={bad}")).Status.ShouldBeOneOf(400, 401);
        (await scrip.AsNobody.Get($"/v1/exports/{others}?token={token}")).Expect(401);
        (await scrip.AsNobody.Get($"/v1/exports/{id}?token={foreign[(foreign.IndexOf('=', StringComparison.Ordinal) + 1)..]}")).Expect(401);
        (await scrip.AsNobody.Get($"/v1/exports/{id}")).Expect(401);
        (await other.Get($"/v1/exports/{id}")).Expect(404);
        (await other.Delete($"/v1/exports/{id}")).Expect(404);
        (await other.Get("/v1/exports")).Expect(200)["total"].ShouldBe(1);
        (await scrip.AsNobody.Get(link)).Expect(200);
    }

    [Theory, OnBoth]
    public async Task A_link_is_over_when_its_time_is(Db db)
    {
        var scrip = await servers.Project(db);
        var id = (await scrip.Post("/v1/exports", new { exported_object = "customer" })).Expect(200)["id"].Text;
        await scrip.Link(id);
        var secret = await Secret(await servers.On(db));
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        // The same forgery opens the file while its time is not over, so that only the time is the reason.
        (await scrip.AsNobody.Get($"/v1/exports/{id}?token={Signed(secret, scrip.Project.Id, id, now + 60_000)}")).Expect(200);
        (await scrip.AsNobody.Get($"/v1/exports/{id}?token={Signed(secret, scrip.Project.Id, id, now - 1)}")).Expect(401);
        (await scrip.AsNobody.Get($"/v1/exports/{id}?token={Signed(secret, "proj_other", id, now + 60_000)}")).Expect(404);
    }

    static async Task<string> Path(ApiClient scrip, string id)
    {
        var link = await scrip.Link(id);
        return link[link.IndexOf("/v1/", StringComparison.Ordinal)..];
    }

    static string Signed(byte[] secret, string project, string export, long expiresAt)
    {
        var what = new byte[8 + project.Length];
        BinaryPrimitives.WriteInt64BigEndian(what, expiresAt);
        Encoding.UTF8.GetBytes(project).CopyTo(what.AsSpan(8));
        byte[] signed = [.. Encoding.UTF8.GetBytes($"export\0{export}\0"), .. what];
        var signature = HMACSHA256.HashData(secret, signed);
        return Base64Url.EncodeToString([.. signature, .. what]);
    }

    static async Task<byte[]> Secret(ScripProcess server)
    {
        await using DbConnection connection = server.Database.Db == Db.Sqlite ? new SqliteConnection(server.Database.ConnectionString) : new NpgsqlConnection(server.Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT value FROM settings WHERE name = 'asset_secret'";
        return Encoding.ASCII.GetBytes((string)(await command.ExecuteScalarAsync())!);
    }
}
