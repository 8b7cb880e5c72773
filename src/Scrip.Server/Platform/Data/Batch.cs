namespace Scrip.Server.Platform.Data;

/// <summary>
/// Statements that are written together or not at all, in one round trip. A guarded statement must change
/// exactly one row; when it does not, a limit was lost to another writer and nothing of the batch stays.
/// </summary>
public sealed class Batch
{
    /// <summary>One statement. <paramref name="Lost"/> names what was lost when a guarded one changes no row.</summary>
    public readonly record struct Statement(string Sql, (string Name, object? Value)[] Args, object? Lost);

    /// <summary>In the order in which they run.</summary>
    public List<Statement> Statements { get; } = [];

    /// <summary>Adds a statement that may change any number of rows.</summary>
    public Batch Add(string sql, params (string, object?)[] args)
    {
        Statements.Add(new Statement(sql, args, null));
        return this;
    }

    /// <summary>
    /// Adds an UPDATE or INSERT that must change exactly one row. It must not have a RETURNING clause. A violated
    /// unique or check constraint in it counts as lost, too.
    /// </summary>
    public Batch Guard(object lost, string sql, params (string, object?)[] args)
    {
        Statements.Add(new Statement(sql, args, lost));
        return this;
    }
}
