using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Scrip.Server.Platform.Data;

/// <summary>
/// The prepared statements of one SQLite connection, each parsed once. It works below ADO.NET, because there binding by
/// name and a reader cost more than the look-up itself. Used by one thread at a time, as its connection.
/// </summary>
sealed class SqliteStatements(SqliteConnection connection) : IDisposable
{
    // Texts are constants of the program; what is built on the way is not kept for ever.
    const int KeptMax = 500;

    readonly Dictionary<string, SqliteStatement> known = new(StringComparer.Ordinal);

    /// <summary>
    /// Settings of the library, before anything else uses it: the global count of memory costs time for nothing. The locks
    /// of connections stay, though one thread at a time uses each: what is finalized late comes from another thread, and
    /// without locks it corrupts the connection's memory.
    /// </summary>
    public static void Configure()
    {
        const int MemoryStatus = 9;
        Batteries_V2.Init();
        raw.sqlite3_config(MemoryStatus, 0);
    }

    /// <summary>The statement, ready to be bound and stepped.</summary>
    public SqliteStatement Of(string sql)
    {
        if (known.TryGetValue(sql, out var statement)) return statement;
        if (known.Count >= KeptMax) Dispose();
        return known[sql] = new SqliteStatement(connection.Handle!, sql);
    }

    /// <summary>Runs a statement without arguments.</summary>
    public void Run(string sql) => Of(sql).Run([]);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in known.Values) statement.Dispose();
        known.Clear();
    }
}

/// <summary>One prepared statement.</summary>
sealed class SqliteStatement : IDisposable
{
    readonly sqlite3 db;
    readonly sqlite3_stmt handle;
    readonly string[] names;

    public SqliteStatement(sqlite3 db, string sql)
    {
        this.db = db;
        Check(raw.sqlite3_prepare_v3(db, sql, raw.SQLITE_PREPARE_PERSISTENT, out handle));
        names = new string[raw.sqlite3_bind_parameter_count(handle)];
        for (var i = 0; i < names.Length; i++) names[i] = raw.sqlite3_bind_parameter_name(handle, i + 1).utf8_to_string()?[1..] ?? "";
    }

    /// <summary>Runs it to its end and answers how many rows it changed.</summary>
    /// <exception cref="SqliteException">A constraint, or worse.</exception>
    public int Run((string Name, object? Value)[] args)
    {
        Bind(args);
        return Run();
    }

    /// <summary>The same with arguments by their place, of a statement that names none.</summary>
    /// <exception cref="SqliteException">A constraint, or worse.</exception>
    public int RunInOrder(object?[] args)
    {
        for (var i = 0; i < args.Length; i++) Check(Bind(i + 1, args[i]));
        return Run();
    }

    int Run()
    {
        try
        {
            while (Step()) { /* Rows of a write are not read. */ }
            return raw.sqlite3_changes(db);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Runs a query; how many rows it finds.</summary>
    public int Count((string Name, object? Value)[] args)
    {
        Bind(args);
        try
        {
            var count = 0;
            while (Step()) count++;
            return count;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Binds every argument; a missing one is a bug.</summary>
    public void Bind((string Name, object? Value)[] args)
    {
        for (var i = 0; i < names.Length; i++) Check(Bind(i + 1, Value(args, names[i])));
    }

    static object? Value((string Name, object? Value)[] args, string name)
    {
        foreach (var arg in args)
            if (arg.Name == name) return arg.Value;
        throw new InvalidOperationException($"No argument @{name}");
    }

    int Bind(int at, object? value) => value switch
    {
        null or Null => raw.sqlite3_bind_null(handle, at),
        string text => BindText(at, text),
        long number => raw.sqlite3_bind_int64(handle, at, number),
        Json json => BindText(at, json.Text),
        Utf8Json json => raw.sqlite3_bind_text(handle, at, json.Bytes),
        Utf8Text text => raw.sqlite3_bind_text(handle, at, text.Bytes.Span),
        bool truth => raw.sqlite3_bind_int(handle, at, truth ? 1 : 0),
        int number => raw.sqlite3_bind_int64(handle, at, number),
        _ => throw new ArgumentException($"No column type for {value.GetType()}"),
    };

    int BindText(int at, string text)
    {
        const int StackMax = 512;
        if (text.Length * 3 <= StackMax)
        {
            Span<byte> few = stackalloc byte[StackMax];
            return raw.sqlite3_bind_text(handle, at, few[..Encoding.UTF8.GetBytes(text, few)]);
        }
        var many = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var status = raw.sqlite3_bind_text(handle, at, many.AsSpan(0, Encoding.UTF8.GetBytes(text, many)));
        ArrayPool<byte>.Shared.Return(many);
        return status;
    }

    /// <summary>Moves to the next row; false at the end.</summary>
    public bool Step()
    {
        var status = raw.sqlite3_step(handle);
        if (status == raw.SQLITE_ROW) return true;
        if (status != raw.SQLITE_DONE) Check(status);
        return false;
    }

    /// <summary>Ends it, so that it holds nothing and can be bound anew.</summary>
    public void Reset() => raw.sqlite3_reset(handle);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

    public long Number(int column) => raw.sqlite3_column_int64(handle, column);

    void Check(int status)
    {
        if (status == raw.SQLITE_OK) return;
        throw new SqliteException(raw.sqlite3_errmsg(db).utf8_to_string(), status & 0xff, raw.sqlite3_extended_errcode(db));
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();
}

/// <summary>The answers of statements that run one after the other on one connection.</summary>
sealed class SqliteRows(SqliteStatements statements, List<Batch.Statement> asked) : Rows, IDisposable
{
    int at = -1;
    SqliteStatement? current;

    public override ValueTask<bool> Next()
    {
        if (current is null) Begin();
        return new(current!.Step());
    }

    public override ValueTask NextStatement()
    {
        if (current is null) Begin();
        Dispose();
        return ValueTask.CompletedTask;
    }

    void Begin()
    {
        var statement = asked[++at];
        current = statements.Of(statement.Sql);
        current.Bind(statement.Args);
    }

    public override string Text(int column) => current!.Text(column);

    public override string? TextOrNull(int column) => current!.IsNull(column) ? null : current.Text(column);

    public override long Number(int column) => current!.Number(column);

    public override long? NumberOrNull(int column) => current!.IsNull(column) ? null : current.Number(column);

    public override bool Truth(int column) => current!.Number(column) != 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        current?.Reset();
        current = null;
    }
}
