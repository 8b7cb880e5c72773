using System.Data.Common;
using Dapper;
using DbUp;
using Npgsql;
using NpgsqlTypes;
using Scrip.Engine;
using Scrip.Server.Platform.Jobs;

namespace Scrip.Server.Platform.Data;

/// <summary>PostgreSQL behind a small pool; hot statements are prepared by the driver.</summary>
sealed class PostgresDatabase : Database
{
    // How long a group waits for a lock before each of it goes by itself.
    const int LockWaitMs = 200;

    // What a message to the server may gather before it is sent: a group of stacks and a COPY are tens of kilobytes, and each
    // piece wakes whoever reads it.
    const int WriteBuffer = 64 * 1024;

    readonly NpgsqlDataSource source;
    readonly NpgsqlDataSource hot;
    readonly NpgsqlDataSource shared;
    readonly PostgresTogether together;
    readonly string connectionString;

    public PostgresDatabase(string url, int pool)
    {
        connectionString = ConnectionString(url, pool);
        source = new NpgsqlDataSourceBuilder(connectionString).Build();
        // Hot statements look up by keys, so one plan serves all arguments, and planning them again would cost more than they
        // do. It is made when tables may still be small, and kept, so it must not read whole tables.
        var ofHot = new NpgsqlConnectionStringBuilder(connectionString);
        ofHot.Options = $"{ofHot.Options} -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off".TrimStart();
        hot = new NpgsqlDataSourceBuilder(ofHot.ConnectionString).Build();
        ofHot.Options += $" -c lock_timeout={LockWaitMs}";
        ofHot.MaxPoolSize = PostgresTogether.AtOnce;
        shared = new NpgsqlDataSourceBuilder(ofHot.ConnectionString).Build();
        together = new PostgresTogether(this, shared);
    }

    public override Dialect Dialect => Dialect.Postgres;

    public override async Task<T> Read<T>(Func<DbConnection, Task<T>> work)
    {
        await using var connection = await source.OpenConnectionAsync();
        return await work(connection);
    }

    public override async Task<T> Write<T>(Func<DbConnection, Task<T>> work)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var result = await work(connection);
        await transaction.CommitAsync();
        return result;
    }

    public override Task<object?> Commit(Batch batch) => batch.MayGoTogether ? together.Commit(batch) : CommitAlone(batch);

    /// <summary>Writes a batch in a transaction of its own.</summary>
    internal async Task<object?> CommitAlone(Batch batch)
    {
        // Without an explicit transaction the whole batch is one, ended by its single Sync message.
        await using var commands = PostgresCommands.Of(hot, batch.Statements);
        try
        {
            await commands.ExecuteNonQueryAsync();
            return null;
        }
        catch (PostgresException fault) when (IsDeadlock(fault))
        {
            // Of two that waited for each other one was chosen; it lost no limit.
            return Refusals.ConcurrentUpdate;
        }
        catch (PostgresException fault) when (PostgresCommands.LostBy(fault, commands, batch.Statements) is { } lost)
        {
            return lost;
        }
    }

    public override Task<T> Ask<T>(Batch questions, Func<Rows, ValueTask<T>> read) => questions.MayGoTogether ? together.Ask(questions, read) : AskAlone(questions, read);

    /// <summary>Asks in a round trip of its own.</summary>
    internal async Task<T> AskAlone<T>(Batch questions, Func<Rows, ValueTask<T>> read)
    {
        await using var commands = PostgresCommands.Of(hot, questions.Statements);
        await using var reader = await commands.ExecuteReaderAsync();
        return await read(new PostgresRows(reader));
    }

    public override async Task BulkInsert(DbConnection connection, string table, (string Name, bool IsJson)[] columns, IEnumerable<object?[]> rows)
    {
        var sql = $"COPY {table} ({string.Join(", ", columns.Select(column => column.Name))}) FROM STDIN (FORMAT BINARY)";
        await using var writer = await ((NpgsqlConnection)connection).BeginBinaryImportAsync(sql);
        foreach (var row in rows)
        {
            await writer.StartRowAsync();
            for (var i = 0; i < row.Length; i++)
                await WriteValue(writer, row[i], columns[i].IsJson);
            GivingWay.AfterRow();
        }
        await writer.CompleteAsync();
    }

    // Plans that are kept were made for the tables as they were then: of one that had three rows, reading all of them is as
    // good as asking an index, and stays the plan while it grows to a million. Its own look comes once a minute. Telling
    // the planner how large tables have become has all plans over them made anew.
    const string Outgrown = """
        SELECT format('%I.%I', s.schemaname, s.relname) FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
        WHERE s.n_live_tup > 2 * GREATEST(c.reltuples, 500) AND pg_has_role(c.relowner, 'USAGE') AND s.schemaname = current_schema()
        """;

    // One node looks at a time.
    const string Looking = "SELECT pg_try_advisory_xact_lock(hashtextextended('scrip:upkeep', 0))";

    public override Task Upkeep() => Write(async connection =>
    {
        if (!await connection.ExecuteScalarAsync<bool>(Looking)) return;
        foreach (var table in await connection.QueryAsync<string>(Outgrown)) await connection.ExecuteAsync("ANALYZE " + table);
    });

    static Task WriteValue(NpgsqlBinaryImporter writer, object? value, bool isJson) => value switch
    {
        null => writer.WriteNullAsync(),
        string text => writer.WriteAsync(text, isJson ? NpgsqlDbType.Jsonb : NpgsqlDbType.Text),
        Utf8Text text => writer.WriteAsync(text.Bytes, NpgsqlDbType.Text),
        long number => writer.WriteAsync(number, NpgsqlDbType.Bigint),
        bool truth => writer.WriteAsync(truth, NpgsqlDbType.Boolean),
        _ => throw new ArgumentException($"No column type for {value.GetType()}"),
    };

    public override bool IsDuplicate(Exception fault) => fault is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    public override bool IsDeadlock(Exception fault) =>
        fault is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    public override bool IsCheckViolation(Exception fault) => fault is PostgresException { SqlState: PostgresErrorCodes.CheckViolation };

    // Class 22 is "data exception": a numeric beyond its range, a text that is no text.
    public override bool IsUnstorable(Exception fault) =>
        fault is PostgresException { SqlState: ['2', '2', ..] and not PostgresErrorCodes.DivisionByZero };

    // Classes 08, 53, 57 and 58: the connection, the resources, an operator, the system. A fault that is none of the
    // server's own is one of the way there: a connection that broke, a pool with none left, a time that ran out.
    public override bool IsUnavailable(Exception fault) => fault switch
    {
        PostgresException { SqlState: ['0', '8', ..] or ['5', '3' or '7' or '8', ..] } => true,
        PostgresException => false,
        _ => fault is NpgsqlException,
    };

    public override void Migrate() => Migrations.Run(DeployChanges.To.PostgresqlDatabase(connectionString), "TEXT COLLATE \"C\"", isPostgres: true);

    public override async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await hot.DisposeAsync();
        await shared.DisposeAsync();
    }

    // postgres://user:password@host:port/database?option=value
    static string ConnectionString(string url, int pool)
    {
        var uri = new Uri(url);
        var user = uri.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
            Username = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : "postgres",
            MaxPoolSize = pool,
            WriteBufferSize = WriteBuffer,
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            IncludeErrorDetail = false,
            // Nothing here changes the state of a session, so there is nothing to reset between two users of a connection.
            NoResetOnClose = true,
            // A lost guard is known by the command that failed.
            IncludeFailedBatchedCommand = true,
            ApplicationName = "scrip",
        };
        if (user.Length > 1) builder.Password = Uri.UnescapeDataString(user[1]);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            builder[parts[0] == "sslmode" ? "SSL Mode" : parts[0]] = parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "";
        }
        return builder.ConnectionString;
    }
}
