using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using DbUp;
using Microsoft.Data.Sqlite;

namespace Scrip.Server.Platform.Data;

/// <summary>
/// SQLite inside the process: WAL, every commit synced. Readers run beside each other; one writer thread takes
/// all waiting writes into one transaction, each under its own savepoint, so that one sync serves many.
/// </summary>
sealed class SqliteDatabase : Database
{
    const int GroupMax = 256;
    const int ConstraintError = 19;
    const int ConstraintCheck = 275;
    const int ConstraintPrimaryKey = 1555;
    const int ConstraintUnique = 2067;

    readonly string connectionString;
    readonly ConcurrentBag<SqliteConnection> readers = [];
    readonly SemaphoreSlim readersFree;
    readonly BlockingCollection<Job> queue = [];
    readonly Dictionary<string, SqliteCommand> prepared = [];
    readonly Lazy<SqliteConnection> writer;
    Thread? thread;

    public SqliteDatabase(string file, int pool)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder) Directory.CreateDirectory(folder);
        connectionString = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString();
        readersFree = new SemaphoreSlim(pool);
        writer = new Lazy<SqliteConnection>(Connect);
    }

    public override Dialect Dialect => Dialect.Sqlite;

    public override async Task<T> Read<T>(Func<DbConnection, Task<T>> work)
    {
        await readersFree.WaitAsync();
        if (!readers.TryTake(out var connection)) connection = Connect();
        try
        {
            return await work(connection);
        }
        finally
        {
            readers.Add(connection);
            readersFree.Release();
        }
    }

    public override Task<T> Write<T>(Func<DbConnection, Task<T>> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        T result = default!;
        Enqueue(new Job(
            connection => result = Completed(work(connection)),
            () => done.SetResult(result),
            fault => done.SetException(fault)));
        return done.Task;
    }

    public override Task<object?> Commit(Batch batch)
    {
        var done = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(new Job(
            connection => RunBatch(connection, batch),
            () => done.SetResult(null),
            fault =>
            {
                if (fault is LostGuard lost) done.SetResult(lost.Lost);
                else done.SetException(fault);
            }));
        return done.Task;
    }

    // Microsoft.Data.Sqlite completes its tasks before it returns them; anything else would stall the writer.
    static T Completed<T>(Task<T> task) => task.IsCompleted
        ? task.GetAwaiter().GetResult()
        : throw new InvalidOperationException("A write awaited something other than its connection");

    void Enqueue(Job job)
    {
        if (thread is null) StartWriter();
        queue.Add(job);
    }

    void StartWriter()
    {
        lock (queue)
        {
            if (thread is not null) return;
            thread = new Thread(WriteLoop) { IsBackground = true, Name = "sqlite-writer" };
            thread.Start();
        }
    }

    void WriteLoop()
    {
        var group = new List<Job>(GroupMax);
        foreach (var first in queue.GetConsumingEnumerable())
        {
            group.Clear();
            group.Add(first);
            while (group.Count < GroupMax && queue.TryTake(out var next)) group.Add(next);
            RunGroup(writer.Value, group);
        }
    }

    static void RunGroup(SqliteConnection connection, List<Job> group)
    {
        try
        {
            Execute(connection, "BEGIN IMMEDIATE");
            foreach (var job in group) RunOne(connection, job);
            Execute(connection, "COMMIT");
        }
        catch (Exception fault)
        {
            // The disk refused: nobody in the group may hear of success.
            try { Execute(connection, "ROLLBACK"); }
            catch (SqliteException) { /* The transaction had already ended. */ }
            foreach (var job in group) job.Failed ??= fault;
        }
        foreach (var job in group)
        {
            if (job.Failed is { } fault) job.OnFault(fault);
            else job.OnCommit();
        }
    }

    static void RunOne(SqliteConnection connection, Job job)
    {
        Execute(connection, "SAVEPOINT one");
        try
        {
            job.Work(connection);
            Execute(connection, "RELEASE one");
        }
        catch (Exception fault)
        {
            job.Failed = fault;
            Execute(connection, "ROLLBACK TO one");
            Execute(connection, "RELEASE one");
        }
    }

    void RunBatch(SqliteConnection connection, Batch batch)
    {
        foreach (var statement in batch.Statements)
        {
            var command = Prepared(connection, statement);
            try
            {
                var changed = command.ExecuteNonQuery();
                if (statement.Lost is not null && changed != 1) throw new LostGuard(statement.Lost);
            }
            catch (SqliteException fault) when (fault.SqliteErrorCode == ConstraintError && statement.Lost is not null)
            {
                throw new LostGuard(statement.Lost);
            }
        }
    }

    SqliteCommand Prepared(SqliteConnection connection, Batch.Statement statement)
    {
        if (!prepared.TryGetValue(statement.Sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = statement.Sql;
            prepared[statement.Sql] = command;
        }
        command.Parameters.Clear();
        foreach (var (name, value) in statement.Args)
            command.Parameters.AddWithValue("@" + name, value switch { null or Null => DBNull.Value, Json json => json.Text, _ => value });
        return command;
    }

    public override Task BulkInsert(DbConnection connection, string table, (string Name, bool IsJson)[] columns, IEnumerable<object?[]> rows)
    {
        using var command = ((SqliteConnection)connection).CreateCommand();
        command.CommandText = $"INSERT INTO {table} ({string.Join(", ", columns.Select(column => column.Name))}) "
            + $"VALUES ({string.Join(", ", columns.Select((_, i) => $"@p{i}"))})";
        for (var i = 0; i < columns.Length; i++) command.Parameters.Add(new SqliteParameter($"@p{i}", null));
        command.Prepare();
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++) command.Parameters[i].Value = row[i] ?? DBNull.Value;
            command.ExecuteNonQuery();
        }
        return Task.CompletedTask;
    }

    public override bool IsDuplicate(Exception fault) =>
        fault is SqliteException { SqliteExtendedErrorCode: ConstraintPrimaryKey or ConstraintUnique };

    // There is one writer.
    public override bool IsDeadlock(Exception fault) => false;

    public override bool IsCheckViolation(Exception fault) => fault is SqliteException { SqliteExtendedErrorCode: ConstraintCheck };

    // SQLite's text holds whatever is valid UTF-8, and the wire lets nothing else in.
    public override bool IsUnstorable(Exception fault) => false;

    public override void Migrate() => Migrations.Run(DeployChanges.To.SqliteDatabase(connectionString), "TEXT");

    public override ValueTask DisposeAsync()
    {
        queue.CompleteAdding();
        thread?.Join();
        foreach (var command in prepared.Values) command.Dispose();
        if (writer.IsValueCreated) writer.Value.Dispose();
        foreach (var reader in readers) reader.Dispose();
        return ValueTask.CompletedTask;
    }

    SqliteConnection Connect()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000; "
            + "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000; PRAGMA mmap_size = 268435456; PRAGMA wal_autocheckpoint = 16000;");
        return connection;
    }

    static void Execute(SqliteConnection connection, string sql) => connection.Execute(sql);

    /// <summary>One waiting write; <see cref="Failed"/> is what ended it.</summary>
    sealed class Job(Action<SqliteConnection> work, Action onCommit, Action<Exception> onFault)
    {
        public Action<SqliteConnection> Work { get; } = work;
        public Action OnCommit { get; } = onCommit;
        public Action<Exception> OnFault { get; } = onFault;
        public Exception? Failed { get; set; }
    }

    sealed class LostGuard(object lost) : Exception
    {
        public object Lost { get; } = lost;
    }
}
