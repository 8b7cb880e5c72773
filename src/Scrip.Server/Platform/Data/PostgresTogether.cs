using Npgsql;

namespace Scrip.Server.Platform.Data;

/// <summary>
/// What waits for the same connections goes through them together: batches in one transaction, questions in one round trip. A
/// commit, a message and a switch between processes serve many then. Who is alone goes alone.
/// </summary>
/// <param name="database">For what cannot go together after all.</param>
/// <param name="source">Connections that give up a lock which is not to be had soon, <see cref="AtOnce"/> at least.</param>
sealed class PostgresTogether(PostgresDatabase database, NpgsqlDataSource source)
{
    /// <summary>How many groups may be on their way at once.</summary>
    public static int AtOnce => Writes + Questions;

    // Fewer groups are larger ones, and serve more with as much work, as long as that leaves no processor without any: what is
    // decided and answered meanwhile is as much again.
    static readonly int Writes = Math.Max(1, Environment.ProcessorCount / 2);
    static readonly int Questions = Math.Max(1, Environment.ProcessorCount / 2);

    const int GroupMax = 32;

    readonly Gathering<Committing> writing = new(Writes, GroupMax, group => Commit(database, source, group));
    readonly Gathering<Asking> asking = new(Questions, GroupMax, group => Ask(source, group));

    /// <summary>See <see cref="Database.Commit"/>.</summary>
    public Task<object?> Commit(Batch batch)
    {
        var one = new Committing(batch);
        writing.Add(one);
        return one.Result;
    }

    /// <summary>See <see cref="Database.Ask{T}"/>.</summary>
    public Task<T> Ask<T>(Batch questions, Func<Rows, ValueTask<T>> read)
    {
        var one = new Asking<T>(database, questions, read);
        asking.Add(one);
        return one.Result;
    }

    // When one of them loses a guard, or a lock is not to be had soon, nothing of the transaction stays, and each goes by
    // itself, for which the next group does not wait.
    static async Task Commit(PostgresDatabase database, NpgsqlDataSource source, List<Committing> group)
    {
        try
        {
            var statements = group is [var only] ? only.Batch.Statements : BatchMerge.Of(group.ConvertAll(one => one.Batch));
            await using var commands = PostgresCommands.Of(source, statements, changesTogether: true);
            try
            {
                await commands.ExecuteNonQueryAsync();
                foreach (var one in group) one.Done(null);
            }
            catch (PostgresException fault) when (group.Count == 1 && PostgresCommands.LostBy(fault, commands, statements, changesTogether: true) is { } lost)
            {
                group[0].Done(lost);
            }
        }
        catch (PostgresException fault) when (LeavesNothing(fault))
        {
            foreach (var one in group) one.GoAlone(database);
        }
        catch (Exception fault)
        {
            foreach (var one in group) one.Failed(fault);
        }
    }

    // A statement failed, or of several transactions this one was chosen to end: what it wrote is not there.
    static bool LeavesNothing(PostgresException fault) => fault.SqlState is ['2', '2' or '3', ..] or ['4', '0', ..] or PostgresErrorCodes.LockNotAvailable;

    // When one of them cannot be answered, it and those behind it ask by themselves.
    static async Task Ask(NpgsqlDataSource source, List<Asking> group)
    {
        var answered = 0;
        try
        {
            await using var commands = PostgresCommands.Of(source, group is [var only] ? only.Questions.Statements : [.. group.SelectMany(one => one.Questions.Statements)]);
            await using var reader = await commands.ExecuteReaderAsync();
            for (; answered < group.Count; answered++)
            {
                var rows = new PostgresRows(reader);
                await group[answered].Read(rows);
                while (rows.Passed < group[answered].Questions.Statements.Count) await rows.NextStatement();
            }
        }
        catch (PostgresException fault) when (group.Count > 1 || fault.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            foreach (var one in group.Skip(answered)) one.GoAlone();
        }
        catch (Exception fault)
        {
            foreach (var one in group.Skip(answered)) one.Failed(fault);
        }
    }

    /// <summary>A batch on its way.</summary>
    sealed class Committing(Batch batch)
    {
        readonly TaskCompletionSource<object?> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Batch Batch => batch;

        public Task<object?> Result => done.Task;

        public void Done(object? lost) => done.SetResult(lost);

        public void Failed(Exception fault) => done.SetException(fault);

        public async void GoAlone(PostgresDatabase database)
        {
            try
            {
                Done(await database.CommitAlone(batch));
            }
            catch (Exception fault)
            {
                Failed(fault);
            }
        }
    }

    /// <summary>Questions on their way.</summary>
    abstract class Asking(Batch questions)
    {
        public Batch Questions => questions;

        /// <summary>Reads its answers; throws when the database does not give them.</summary>
        public abstract Task Read(Rows rows);

        public abstract void GoAlone();

        public abstract void Failed(Exception fault);
    }

    sealed class Asking<T>(PostgresDatabase database, Batch questions, Func<Rows, ValueTask<T>> read) : Asking(questions)
    {
        readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Result => done.Task;

        public override async Task Read(Rows rows)
        {
            try
            {
                done.SetResult(await read(rows));
            }
            catch (Exception fault) when (fault is not NpgsqlException)
            {
                Failed(fault);
            }
        }

        public override async void GoAlone()
        {
            try
            {
                done.SetResult(await database.AskAlone(Questions, read));
            }
            catch (Exception fault)
            {
                Failed(fault);
            }
        }

        public override void Failed(Exception fault) => done.SetException(fault);
    }
}
