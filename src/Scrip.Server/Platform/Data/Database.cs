using System.Data.Common;
using Dapper;

namespace Scrip.Server.Platform.Data;

/// <summary>
/// The store: SQLite inside the process, or PostgreSQL. Both run the same SQL; <see cref="Dialect"/> names what
/// differs. Reads may run beside each other; a write is one transaction.
/// </summary>
public abstract class Database : IAsyncDisposable
{
    // A chunk occupies SQLite's one writer.
    const int SqliteChunkRows = 500;
    const int PostgresChunkRows = 2_000;

    static Database()
    {
        SqlMapper.AddTypeHandler(new JsonHandler());
        DefaultTypeMap.MatchNamesWithUnderscores = true;
    }

    /// <summary>
    /// Rows that one transaction of bulk work adds, a fifth of that where a row needs statements of its own: more is faster,
    /// fewer let others in sooner.
    /// </summary>
    public int ChunkRows { get; init; }

    /// <summary>What differs between the two databases.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>Runs queries on one connection, outside of a transaction.</summary>
    public abstract Task<T> Read<T>(Func<DbConnection, Task<T>> work);

    /// <summary>
    /// Runs statements in one transaction, which is committed durably when the task ends and rolled back when
    /// <paramref name="work"/> throws. Inside it, await nothing but the connection.
    /// </summary>
    public abstract Task<T> Write<T>(Func<DbConnection, Task<T>> work);

    /// <summary>
    /// Asks the statements of a batch in one round trip. This is the way of hot paths: their statements are prepared
    /// once for each connection, so their texts must not vary, and nothing of it is mapped by reflection.
    /// </summary>
    public abstract Task<T> Ask<T>(Batch questions, Func<Rows, ValueTask<T>> read);

    /// <summary>Writes a batch: null when it is committed, else what the first lost guard named.</summary>
    public abstract Task<object?> Commit(Batch batch);

    /// <summary>
    /// Adds many rows inside a <see cref="Write{T}"/>, as fast as the database can. Throws when a key is taken.
    /// </summary>
    /// <param name="connection">The connection that <see cref="Write{T}"/> handed out.</param>
    /// <param name="table">The table's name.</param>
    /// <param name="columns">Names, and whether the column is JSONB.</param>
    /// <param name="rows">One array a row, in the order of the columns; values are string, long, bool or null.</param>
    public abstract Task BulkInsert(DbConnection connection, string table, (string Name, bool IsJson)[] columns, IEnumerable<object?[]> rows);

    /// <summary>
    /// Adds many rows like <see cref="BulkInsert"/>, but answers false when a key is taken, and then nothing was added and the
    /// transaction goes on.
    /// </summary>
    public async Task<bool> TryBulkInsert(DbConnection connection, string table, (string Name, bool IsJson)[] columns, IEnumerable<object?[]> rows)
    {
        await connection.ExecuteAsync("SAVEPOINT bulk");
        try
        {
            await BulkInsert(connection, table, columns, rows);
            await connection.ExecuteAsync("RELEASE SAVEPOINT bulk");
            return true;
        }
        catch (Exception fault) when (IsDuplicate(fault))
        {
            await connection.ExecuteAsync("ROLLBACK TO SAVEPOINT bulk; RELEASE SAVEPOINT bulk");
            return false;
        }
    }

    /// <summary>
    /// Called every now and then: what the database needs from time to time to stay fast, and does not do soon enough by
    /// itself. Any number of nodes may call it at once.
    /// </summary>
    public virtual Task Upkeep() => Task.CompletedTask;

    /// <summary>True when the fault says that a unique key is taken.</summary>
    public abstract bool IsDuplicate(Exception fault);

    /// <summary>True when the fault says that two writers were in each other's way; the one it happens to may try again.</summary>
    public abstract bool IsDeadlock(Exception fault);

    /// <summary>True when the fault says that a CHECK constraint was violated.</summary>
    public abstract bool IsCheckViolation(Exception fault);

    /// <summary>True when the fault says that a value of the request is one that no column can hold.</summary>
    public abstract bool IsUnstorable(Exception fault);

    /// <summary>True when the fault says that the database cannot be reached, or has no room, connection or time left; the same may work later.</summary>
    public abstract bool IsUnavailable(Exception fault);

    /// <summary>Applies the migrations that are missing.</summary>
    public abstract void Migrate();

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Runs a write that answers nothing.</summary>
    public Task Write(Func<DbConnection, Task> work) => Write(async connection =>
    {
        await work(connection);
        return true;
    });

    /// <summary>Opens the database that the setting names.</summary>
    /// <exception cref="ArgumentException">The setting is neither <c>sqlite:</c> nor <c>postgres://</c>.</exception>
    public static Database Open(Settings settings) => settings.Database switch
    {
        var text when text.StartsWith("sqlite:", StringComparison.Ordinal) => new SqliteDatabase(text["sqlite:".Length..], settings.Pool)
        {
            ChunkRows = settings.Chunk ?? SqliteChunkRows,
        },
        var text when text.StartsWith("postgres://", StringComparison.Ordinal) || text.StartsWith("postgresql://", StringComparison.Ordinal) =>
            new PostgresDatabase(text, settings.Pool) { ChunkRows = settings.Chunk ?? PostgresChunkRows },
        var text => throw new ArgumentException($"SCRIP_DATABASE must be sqlite:FILE or postgres://…, not '{text}'"),
    };
}
