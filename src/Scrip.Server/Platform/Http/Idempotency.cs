using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Platform.Http;

/// <summary>
/// The same key and request are answered alike, and have one effect. The row is inserted in the transaction of
/// the effect, so the two are there together or not at all, and a concurrent twin waits for the first to end.
/// Rows are kept for 24 hours.
/// </summary>
static class Idempotency
{
    /// <summary>How long a key is remembered.</summary>
    public const long KeptMs = 24 * 60 * 60 * 1000;

    const string Insert = """
        INSERT INTO idempotency_keys (project_id, key, fingerprint, status, answer, created_at)
        VALUES (@project, @key, @fingerprint, @status, @answer, @now)
        """;

    public static async Task ReplayIfKnown(Call call)
    {
        var row = await call.Db.Read(db => db.QueryFirstOrDefaultAsync<Row>(
            "SELECT fingerprint, status, answer FROM idempotency_keys WHERE project_id = @project AND key = @key",
            new { project = Scope(call), key = call.IdempotencyKey }));
        if (row is null) return;
        if (row.Fingerprint != call.Fingerprint()) throw new ApiFault(Refusals.IdempotencyKeyReused);
        throw new AnsweredBefore((int)row.Status, row.Answer);
    }

    public static async Task<T> Commit<T>(Call call, Func<DbConnection, Task<T>> work)
    {
        try
        {
            return await call.Db.Write(async db =>
            {
                await db.ExecuteAsync(Insert, Args(call, 0, ""));
                var answer = await work(db);
                await db.ExecuteAsync(
                    "UPDATE idempotency_keys SET status = @status, answer = @answer WHERE project_id = @project AND key = @key",
                    Args(call, call.Status, Wire.Text(answer)));
                return answer;
            });
        }
        catch (Exception fault) when (call.Db.IsDuplicate(fault))
        {
            await ReplayIfKnown(call);
            throw;
        }
    }

    public static async Task<object?> Commit<T>(Call call, Batch batch, T answer)
    {
        // First, so that a twin is stopped before it loses a guard to its own brother.
        var taken = new object();
        batch.Statements.Insert(0, new Batch().Guard(taken, Insert, ("project", Scope(call)), ("key", call.IdempotencyKey),
            ("fingerprint", call.Fingerprint()), ("status", (long)call.Status), ("answer", Wire.Text(answer)), ("now", call.Now))
            .At(Rank.IdempotencyKey, $"{Scope(call)} {call.IdempotencyKey}").Statements[0]);
        var lost = await call.Db.Commit(batch);
        if (lost == taken) await ReplayIfKnown(call);
        return lost == taken ? Refusals.ConcurrentUpdate : lost;
    }

    /// <summary>Forgets keys that are older than a day.</summary>
    public static Task Forget(Database db, long now) => db.Write(connection => connection.ExecuteAsync(
        "DELETE FROM idempotency_keys WHERE created_at < @before", new { before = now - KeptMs }));

    static object Args(Call call, long status, string answer) => new
    {
        project = Scope(call),
        key = call.IdempotencyKey,
        fingerprint = call.Fingerprint(),
        status,
        answer,
        now = call.Now,
    };

    static string Scope(Call call) => call.ProjectId.Length > 0 ? call.ProjectId : call.Caller.AppId;

    sealed class Row
    {
        public string Fingerprint { get; init; } = "";
        public long Status { get; init; }
        public string Answer { get; init; } = "";
    }
}

/// <summary>Ends a request with the answer that its idempotency key already has.</summary>
sealed class AnsweredBefore(int status, string answer) : Exception
{
    public int Status { get; } = status;
    public string Answer { get; } = answer;
}
