using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using DbUp;
using Microsoft.Data.Sqlite;
using Scrip.Server.Platform.Jobs;

namespace Scrip.Server.Platform.Data;

/// <summary>
/// SQLite inside the process: WAL, every commit synced. Readers run beside each other; one writer thread takes
/// all waiting writes into one transaction, each under its own savepoint, so that one sync serves many.
/// </summary>
sealed class SqliteDatabase : Database
{
    const int GroupMax = 256;
    const int Busy = 5;
    const int Locked = 6;
    const int InputOutput = 10;
    const int Full = 13;
    const int CannotOpen = 14;
    const int ConstraintError = 19;
    const int ConstraintCheck = 275;
    const int ConstraintPrimaryKey = 1555;
    const int ConstraintUnique = 2067;

    static readonly TimeSpan StallMax = TimeSpan.FromSeconds(30);

    readonly string connectionString;
    readonly ConcurrentBag<Opened> readers = [];
    readonly SemaphoreSlim readersFree;
    readonly BlockingCollection<Job> queue = [];
    readonly Lazy<Opened> writer;
    Thread? thread;

    static SqliteDatabase() => SqliteStatements.Configure();

    public SqliteDatabase(string file, int pool)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder) Directory.CreateDirectory(folder);
        connectionString = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString();
        readersFree = new SemaphoreSlim(pool);
        writer = new Lazy<Opened>(Connect);
    }

    public override Dialect Dialect => Dialect.Sqlite;

    public override async Task<T> Read<T>(Func<DbConnection, Task<T>> work)
    {
        await readersFree.WaitAsync();
        if (!readers.TryTake(out var reader)) reader = Connect();
        try
        {
            return await work(reader.Connection);
        }
        finally
        {
            readers.Add(reader);
            readersFree.Release();
        }
    }

    public override async Task<T> Ask<T>(Batch questions, Func<Rows, ValueTask<T>> read)
    {
        await readersFree.WaitAsync();
        if (!readers.TryTake(out var reader)) reader = Connect();
        try
        {
            // One transaction takes and gives back the read lock once, whatever the number of statements.
            reader.Statements.Run("BEGIN");
            try
            {
                using var rows = new SqliteRows(reader.Statements, questions.Statements);
                return await read(rows);
            }
            finally
            {
                reader.Statements.Run("COMMIT");
            }
        }
        finally
        {
            readers.Add(reader);
            readersFree.Release();
        }
    }

    public override Task<T> Write<T>(Func<DbConnection, Task<T>> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        T result = default!;
        Enqueue(new Job(
            writing => result = Completed(work(writing.Connection)),
            () => done.SetResult(result),
            fault => done.SetException(fault)));
        return done.Task;
    }

    public override Task<object?> Commit(Batch batch)
    {
        var done = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(new Job(
            writing => RunBatch(writing.Statements, batch),
            () => done.SetResult(null),
            fault =>
            {
                if (fault is LostGuard lost) done.SetResult(lost.Lost);
                else done.SetException(fault);
            }));
        return done.Task;
    }

    // Microsoft.Data.Sqlite completes its tasks before it returns them; anything else stalls the writer, which has to wait:
    // nobody else may use its connection before the write is over.
    static T Completed<T>(Task<T> task) => task.IsCompleted || task.Wait(StallMax)
        ? task.GetAwaiter().GetResult()
        : throw new InvalidOperationException("A write awaited something that does not come");

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

    static void RunGroup(Opened writing, List<Job> group)
    {
        try
        {
            writing.Statements.Run("BEGIN IMMEDIATE");
            foreach (var job in group) RunOne(writing, job);
            writing.Statements.Run("COMMIT");
        }
        catch (Exception fault)
        {
            // The disk refused: nobody in the group may hear of success.
            try { writing.Statements.Run("ROLLBACK"); }
            catch (SqliteException) { /* The transaction had already ended. */ }
            foreach (var job in group) job.Failed ??= fault;
        }
        foreach (var job in group)
        {
            if (job.Failed is { } fault) job.OnFault(fault);
            else job.OnCommit();
        }
    }

    static void RunOne(Opened writing, Job job)
    {
        writing.Statements.Run("SAVEPOINT one");
        try
        {
            job.Work(writing);
            writing.Statements.Run("RELEASE one");
        }
        catch (Exception fault)
        {
            job.Failed = fault;
            writing.Statements.Run("ROLLBACK TO one");
            writing.Statements.Run("RELEASE one");
        }
    }

    static void RunBatch(SqliteStatements statements, Batch batch)
    {
        foreach (var statement in batch.Statements)
        {
            try
            {
                var changed = statement.IsCheck ? statements.Of(statement.Sql).Count(statement.Args) : statements.Of(statement.Sql).Run(statement.Args);
                if (statement.Lost is not null && changed != 1) throw new LostGuard(statement.Lost);
            }
            catch (SqliteException fault) when (fault.SqliteErrorCode == ConstraintError && statement.Lost is not null)
            {
                throw new LostGuard(statement.Lost);
            }
        }
    }

    public override Task BulkInsert(DbConnection connection, string table, (string Name, bool IsJson)[] columns, IEnumerable<object?[]> rows)
    {
        var names = string.Join(", ", columns.Select(column => column.Name));
        using var insert = new SqliteStatement(((SqliteConnection)connection).Handle!, $"INSERT INTO {table} ({names}) VALUES ({string.Join(", ", columns.Select(_ => "?"))})");
        foreach (var row in rows)
        {
            insert.RunInOrder(row);
            GivingWay.AfterRow();
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

    public override bool IsUnavailable(Exception fault) =>
        fault is SqliteException { SqliteErrorCode: Busy or Locked or InputOutput or Full or CannotOpen };

    public override void Migrate() => Migrations.Run(DeployChanges.To.SqliteDatabase(connectionString), "TEXT", isPostgres: false);

    public override ValueTask DisposeAsync()
    {
        queue.CompleteAdding();
        thread?.Join();
        if (writer.IsValueCreated) writer.Value.Dispose();
        foreach (var reader in readers) reader.Dispose();
        return ValueTask.CompletedTask;
    }

    Opened Connect()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        // No memory map: in WAL mode SQLite drops the whole map of every reader with every commit.
        connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000; "
            + "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000; PRAGMA wal_autocheckpoint = 16000;");
        return new Opened(connection);
    }

    /// <summary>A connection and what is prepared on it.</summary>
    sealed class Opened(SqliteConnection connection) : IDisposable
    {
        public SqliteConnection Connection { get; } = connection;
        public SqliteStatements Statements { get; } = new(connection);

        public void Dispose()
        {
            Statements.Dispose();
            Connection.Dispose();
        }
    }

    /// <summary>One waiting write; <see cref="Failed"/> is what ended it.</summary>
    sealed class Job(Action<Opened> work, Action onCommit, Action<Exception> onFault)
    {
        public Action<Opened> Work { get; } = work;
        public Action OnCommit { get; } = onCommit;
        public Action<Exception> OnFault { get; } = onFault;
        public Exception? Failed { get; set; }
    }

    sealed class LostGuard(object lost) : Exception
    {
        public object Lost { get; } = lost;
    }
}
