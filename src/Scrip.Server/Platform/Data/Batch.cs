using System.Data;
using System.Data.Common;
using System.Text;
using Dapper;

namespace Scrip.Server.Platform.Data;

/// <summary>
/// Statements that are written together or not at all, in one round trip. A guarded statement must change
/// exactly one row; when it does not, a limit was lost to another writer and nothing of the batch stays.
/// </summary>
public sealed class Batch
{
    /// <summary>One statement. <paramref name="Lost"/> names what was lost when a guarded one changes no row, or a check finds none.</summary>
    public readonly record struct Statement(string Sql, (string Name, object? Value)[] Args, object? Lost)
    {
        /// <summary>True of a check.</summary>
        public bool IsCheck { get; init; }

        /// <summary>True of a statement whose arguments name rows and say what to add to them; see <see cref="Batch.Named"/>.</summary>
        public bool IsByName { get; init; }

        /// <summary>When it takes its locks, among the statements of other batches in the same transaction.</summary>
        public Turn Turn { get; init; } = new(Rank.Nothing, "");
    }

    /// <summary>
    /// True when it may be written in one transaction with others: each of its statements that locks rows which others may
    /// want says its turn (<see cref="At"/>), they come in that order, and it waits for nobody for long.
    /// </summary>
    public bool MayGoTogether { get; set; }

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

    /// <summary>Adds a SELECT that must find exactly one row.</summary>
    public Batch Check(object lost, string sql, params (string, object?)[] args)
    {
        Statements.Add(new Statement(sql, args, lost) { IsCheck = true });
        return this;
    }

    /// <summary>
    /// Adds a statement about the rows that its arguments name, in their order: arrays of one length, first those of texts, by
    /// which they are sorted, then perhaps some of numbers, which the statement adds to the rows. A SELECT that locks has names
    /// alone. Those of several batches may become one, in which each name is there once, with the sums of its numbers.
    /// </summary>
    public Batch Named(Rank rank, string sql, params (string, object?)[] arrays)
    {
        Statements.Add(new Statement(sql, arrays, null) { IsByName = true, Turn = new(rank, "") });
        return this;
    }

    /// <summary>Says the turn of the statement that was added last.</summary>
    public Batch At(Rank rank, string key)
    {
        Statements[^1] = Statements[^1] with { Turn = new(rank, key) };
        return this;
    }

    /// <summary>Brings the statements into the order of their turns; those of one turn stay as they are.</summary>
    public void InTurn()
    {
        Statement[] sorted = [.. Statements.OrderBy(one => one.Turn.Rank).ThenBy(one => one.Turn.Key, StringComparer.Ordinal)];
        Statements.Clear();
        Statements.AddRange(sorted);
    }

    /// <summary>Runs the statements inside a <see cref="Database.Write{T}"/>; a lost guard throws <see cref="DBConcurrencyException"/>.</summary>
    public async Task Run(DbConnection db)
    {
        foreach (var statement in Statements)
        {
            var args = new DynamicParameters();
            foreach (var (name, value) in statement.Args)
            {
                if (value is Null kind) args.Add(name, null, TypeOf(kind));
                else args.Add(name, value switch { Utf8Json json => new Json(Encoding.UTF8.GetString(json.Bytes)), Utf8Text text => text.ToString(), _ => value });
            }
            var changed = statement.IsCheck ? (await db.QueryAsync<long>(statement.Sql, args)).Count() : await db.ExecuteAsync(statement.Sql, args);
            if (statement.Lost is not null && changed != 1) throw new DBConcurrencyException("Another writer was faster");
        }
    }

    // The database finds the type of a missing JSON out by itself.
    static DbType TypeOf(Null kind) => kind switch
    {
        Null.Number => DbType.Int64,
        Null.Json => DbType.Object,
        _ => DbType.String,
    };
}
