using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.RegularExpressions;
using DbUp;
using Npgsql;
using NpgsqlTypes;

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
        // Hot statements look up by keys, so one plan serves all arguments; planning them again would cost more than they do.
        var ofHot = new NpgsqlConnectionStringBuilder(connectionString);
        ofHot.Options = $"{ofHot.Options} -c plan_cache_mode=force_generic_plan".TrimStart();
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
        foreach (var statement in batch.Statements) commands.BatchCommands.Add(Command(statement));
        try
        {
            await commands.ExecuteNonQueryAsync();
            return null;
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

    static NpgsqlBatchCommand Command(Batch.Statement statement)
    {
        if (Shapes.Count > ShapesMax) Shapes.Clear();
        var shape = Shapes.GetOrAdd(statement.Sql, static sql => new Shape(sql));
        var command = new NpgsqlBatchCommand(statement.Lost is null ? shape.Plain : shape.Guarded);
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

    static readonly ConcurrentDictionary<string, Shape> Shapes = new(StringComparer.Ordinal);

    [GeneratedRegex(@"(?<![@\w])@([A-Za-z_]\w*)")]
    private static partial Regex Argument();

    /// <summary>
    /// A statement as the driver gets it: with numbered arguments, so that it need not read the text, and, where it is
    /// guarded, so that changing no row divides by zero, which aborts the batch in the same round trip.
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
            Names = [.. names];
        }

        public string Plain { get; }
        public string Guarded { get; }
        public string[] Names { get; }
    }

    static NpgsqlParameter Parameter(object? value) => value switch
    {
        string text => new NpgsqlParameter<string> { TypedValue = text, NpgsqlDbType = NpgsqlDbType.Text },
        long number => new NpgsqlParameter<long> { TypedValue = number, NpgsqlDbType = NpgsqlDbType.Bigint },
        Utf8Json json => new NpgsqlParameter<byte[]> { TypedValue = json.Bytes, NpgsqlDbType = NpgsqlDbType.Jsonb },
        Json json => new NpgsqlParameter<string> { TypedValue = json.Text, NpgsqlDbType = NpgsqlDbType.Jsonb },
        string[] texts => new NpgsqlParameter<string[]> { TypedValue = texts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
        null => new NpgsqlParameter { Value = DBNull.Value },
        Null.Text => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
        Null.Number => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
        Null.Json => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb },
        _ => new NpgsqlParameter { Value = value },
    };

    static object? LostBy(PostgresException fault, NpgsqlBatch commands, Batch batch)
    {
        if (fault.SqlState is not (PostgresErrorCodes.DivisionByZero or PostgresErrorCodes.UniqueViolation
            or PostgresErrorCodes.CheckViolation or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected))
            return null;
        var at = fault.BatchCommand is NpgsqlBatchCommand failed ? commands.BatchCommands.IndexOf(failed) : -1;
        return at >= 0 ? batch.Statements[at].Lost : null;
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
        }
        await writer.CompleteAsync();
    }

    static Task WriteValue(NpgsqlBinaryImporter writer, object? value, bool isJson) => value switch
    {
        null => writer.WriteNullAsync(),
        string text => writer.WriteAsync(text, isJson ? NpgsqlDbType.Jsonb : NpgsqlDbType.Text),
        long number => writer.WriteAsync(number, NpgsqlDbType.Bigint),
        bool truth => writer.WriteAsync(truth, NpgsqlDbType.Boolean),
        _ => throw new ArgumentException($"No column type for {value.GetType()}"),
    };

    public override bool IsDuplicate(Exception fault) => fault is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    public override bool IsDeadlock(Exception fault) => fault is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected };

    public override bool IsCheckViolation(Exception fault) => fault is PostgresException { SqlState: PostgresErrorCodes.CheckViolation };

    // Class 22 is "data exception": a numeric beyond its range, a text that is no text.
    public override bool IsUnstorable(Exception fault) =>
        fault is PostgresException { SqlState: ['2', '2', ..] and not PostgresErrorCodes.DivisionByZero };

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
