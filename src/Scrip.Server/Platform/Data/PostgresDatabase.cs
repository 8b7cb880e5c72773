using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.RegularExpressions;
using Dapper;
using DbUp;
using Npgsql;
using NpgsqlTypes;
using Scrip.Engine;
using Scrip.Server.Platform.Jobs;

namespace Scrip.Server.Platform.Data;

/// <summary>PostgreSQL behind a small pool; hot statements are prepared by the driver.</summary>
sealed partial class PostgresDatabase : Database
{
    readonly NpgsqlDataSource source;
    readonly NpgsqlDataSource hot;
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

    public override async Task<object?> Commit(Batch batch)
    {
        // Without an explicit transaction the whole batch is one, ended by its single Sync message.
        await using var commands = hot.CreateBatch();
        // Rows that are added one after the other to one table go as one statement.
        for (var i = 0; i < batch.Statements.Count;)
        {
            var many = Alike(batch.Statements, i);
            commands.BatchCommands.Add(many > 1 ? Insert(batch.Statements, i, many) : Command(batch.Statements[i]));
            i += many;
        }
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
        catch (PostgresException fault) when (LostBy(fault, commands, batch) is { } lost)
        {
            return lost;
        }
    }

    public override async Task<T> Ask<T>(Batch questions, Func<Rows, ValueTask<T>> read)
    {
        await using var commands = hot.CreateBatch();
        foreach (var statement in questions.Statements) commands.BatchCommands.Add(Command(statement));
        await using var reader = await commands.ExecuteReaderAsync();
        return await read(new PostgresRows(reader));
    }

    // How many statements from here on add a row each to the same table, unguarded; 1 for any other statement.
    static int Alike(List<Batch.Statement> statements, int at)
    {
        var first = statements[at];
        if (first.Lost is not null || at + 1 == statements.Count || !ReferenceEquals(statements[at + 1].Sql, first.Sql) || ShapeOf(first.Sql).Row is null) return 1;
        var count = 1;
        while (at + count < statements.Count && count < RowsMax && ReferenceEquals(statements[at + count].Sql, first.Sql) && statements[at + count].Lost is null) count++;
        return count;
    }

    static NpgsqlBatchCommand Insert(List<Batch.Statement> statements, int at, int count)
    {
        var shape = ShapeOf(statements[at].Sql);
        var command = new NpgsqlBatchCommand(shape.Many(count));
        for (var i = at; i < at + count; i++)
            foreach (var name in shape.Names) command.Parameters.Add(Parameter(Value(statements[i].Args, name)));
        return command;
    }

    static Shape ShapeOf(string sql)
    {
        if (Shapes.Count > ShapesMax) Shapes.Clear();
        return Shapes.GetOrAdd(sql, static sql => new Shape(sql));
    }

    static NpgsqlBatchCommand Command(Batch.Statement statement)
    {
        var shape = ShapeOf(statement.Sql);
        var command = new NpgsqlBatchCommand(statement.Lost is null ? shape.Plain : statement.IsCheck ? shape.Checked : shape.Guarded);
        foreach (var name in shape.Names) command.Parameters.Add(Parameter(Value(statement.Args, name)));
        return command;
    }

    static object? Value((string Name, object? Value)[] args, string name)
    {
        foreach (var arg in args)
            if (arg.Name == name) return arg.Value;
        throw new InvalidOperationException($"No argument @{name}");
    }

    // Texts are constants of the program; what is built on the way is not kept for ever.
    const int ShapesMax = 2000;

    // Rows in one statement; each number of rows is a text of its own.
    const int RowsMax = 31;

    static readonly ConcurrentDictionary<string, Shape> Shapes = new(StringComparer.Ordinal);

    [GeneratedRegex(@"^\s*(INSERT INTO \w+ \([\w\s,]+\)\s+VALUES\s+)(\([@\w\s,]+\))\s*$")]
    private static partial Regex OneRow();

    [GeneratedRegex(@"(?<![@\w])@([A-Za-z_]\w*)")]
    private static partial Regex Argument();

    /// <summary>
    /// A statement as the driver gets it: with numbered arguments, so that it need not read the text, and, where it is
    /// guarded or a check, so that changing or finding no row divides by zero, which aborts the batch in the same round trip.
    /// </summary>
    sealed class Shape
    {
        public Shape(string sql)
        {
            var names = new List<string>();
            Plain = Argument().Replace(sql, found =>
            {
                var name = found.Groups[1].Value;
                if (!names.Contains(name)) names.Add(name);
                return $"${names.IndexOf(name) + 1}";
            });
            Guarded = $"WITH guarded AS ({Plain} RETURNING 1) SELECT 1 / count(*) FROM guarded";
            Checked = $"SELECT 1 / count(*) FROM ({Plain}) AS checked";
            Names = [.. names];
            if (OneRow().Match(sql) is { Success: true } row) (head, Row) = (row.Groups[1].Value, row.Groups[2].Value);
        }

        // The statement up to its row, and the row, of one that adds a row and does nothing else.
        readonly string head = "";
        readonly string?[] many = new string?[RowsMax + 1];

        public string? Row { get; }

        /// <summary>The statement for so many rows: the arguments of the second follow those of the first.</summary>
        public string Many(int count) => many[count] ??= head + string.Join(", ", Enumerable.Range(0, count).Select(i =>
            Argument().Replace(Row!, found => $"${(i * Names.Length) + Array.IndexOf(Names, found.Groups[1].Value) + 1}")));

        public string Plain { get; }
        public string Guarded { get; }
        public string Checked { get; }
        public string[] Names { get; }
    }

    static NpgsqlParameter Parameter(object? value) => value switch
    {
        string text => new NpgsqlParameter<string> { TypedValue = text, NpgsqlDbType = NpgsqlDbType.Text },
        long number => new NpgsqlParameter<long> { TypedValue = number, NpgsqlDbType = NpgsqlDbType.Bigint },
        Utf8Json json => new NpgsqlParameter<byte[]> { TypedValue = json.Bytes, NpgsqlDbType = NpgsqlDbType.Jsonb },
        Json json => new NpgsqlParameter<string> { TypedValue = json.Text, NpgsqlDbType = NpgsqlDbType.Jsonb },
        string[] texts => new NpgsqlParameter<string[]> { TypedValue = texts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
        long[] numbers => new NpgsqlParameter<long[]> { TypedValue = numbers, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
        null => new NpgsqlParameter { Value = DBNull.Value },
        Null.Text => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
        Null.Number => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
        Null.Json => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb },
        _ => new NpgsqlParameter { Value = value },
    };

    static object? LostBy(PostgresException fault, NpgsqlBatch commands, Batch batch)
    {
        if (fault.SqlState is not (PostgresErrorCodes.DivisionByZero or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.CheckViolation)) return null;
        if (fault.BatchCommand is not NpgsqlBatchCommand failed) return null;
        for (int i = 0, command = 0; i < batch.Statements.Count; i += Alike(batch.Statements, i), command++)
            if (ReferenceEquals(commands.BatchCommands[command], failed)) return batch.Statements[i].Lost;
        return null;
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
        WHERE s.n_live_tup > 2 * GREATEST(c.reltuples, 50) AND pg_has_role(c.relowner, 'USAGE') AND s.schemaname = current_schema()
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
