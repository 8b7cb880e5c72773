using System.Data.Common;
using System.Runtime.CompilerServices;
using DbUp;
using Npgsql;
using NpgsqlTypes;

namespace Scrip.Server.Platform.Data;

/// <summary>PostgreSQL behind a small pool; hot statements are prepared by the driver.</summary>
sealed class PostgresDatabase : Database
{
    readonly NpgsqlDataSource source;
    readonly string connectionString;

    public PostgresDatabase(string url, int pool)
    {
        connectionString = ConnectionString(url, pool);
        source = new NpgsqlDataSourceBuilder(connectionString).Build();
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
        await using var commands = source.CreateBatch();
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

    static NpgsqlBatchCommand Command(Batch.Statement statement)
    {
        var command = new NpgsqlBatchCommand(statement.Lost is null ? statement.Sql : Shapes.GetValue(statement.Sql, static sql => new Shape(sql)).Guarded);
        foreach (var (name, value) in statement.Args) command.Parameters.Add(Parameter(name, value));
        return command;
    }

    // Statements are constants; what is kept for one lives as long as its text.
    static readonly ConditionalWeakTable<string, Shape> Shapes = [];

    /// <summary>A statement as the driver gets it: a guard that changes no row divides by zero, which aborts the batch in the same round trip.</summary>
    sealed class Shape(string sql)
    {
        public string Guarded { get; } = $"WITH guarded AS ({sql} RETURNING 1) SELECT 1 / count(*) FROM guarded";
    }

    static NpgsqlParameter Parameter(string name, object? value) => value switch
    {
        null => new NpgsqlParameter(name, DBNull.Value),
        Json json => new NpgsqlParameter(name, NpgsqlDbType.Jsonb) { Value = json.Text },
        Null.Text => new NpgsqlParameter(name, NpgsqlDbType.Text) { Value = DBNull.Value },
        Null.Number => new NpgsqlParameter(name, NpgsqlDbType.Bigint) { Value = DBNull.Value },
        Null.Json => new NpgsqlParameter(name, NpgsqlDbType.Jsonb) { Value = DBNull.Value },
        _ => new NpgsqlParameter(name, value),
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

    public override void Migrate() => Migrations.Run(DeployChanges.To.PostgresqlDatabase(connectionString), "TEXT COLLATE \"C\"");

    public override ValueTask DisposeAsync() => source.DisposeAsync();

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
            MaxAutoPrepare = 100,
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
