using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace Scrip.Server.Platform.Data;

/// <summary>The statements of batches as the driver takes them.</summary>
static partial class PostgresCommands
{
    /// <summary>A batch of the driver for one round trip, which is one transaction. Rows that are added one after the other to one table go as one statement.</summary>
    public static NpgsqlBatch Of(NpgsqlDataSource source, List<Batch.Statement> statements)
    {
        var commands = source.CreateBatch();
        for (var i = 0; i < statements.Count;)
        {
            var many = Alike(statements, i);
            commands.BatchCommands.Add(many > 1 ? Insert(statements, i, many) : Command(statements[i]));
            i += many;
        }
        return commands;
    }

    // How many statements from here on add a row each to the same table, unguarded, as far as they go as one; 1 for any other
    // statement.
    static int Alike(List<Batch.Statement> statements, int at)
    {
        var first = statements[at];
        if (first.Lost is not null || at + 1 == statements.Count || !ReferenceEquals(statements[at + 1].Sql, first.Sql) || ShapeOf(first.Sql).Row is null) return 1;
        var count = 1;
        while (at + count < statements.Count && count < RowsMax && ReferenceEquals(statements[at + count].Sql, first.Sql) && statements[at + count].Lost is null) count++;
        // Each number of rows is a text of its own, which every connection prepares: of large numbers there are few.
        return count < RowsMax ? Math.Min(count, RowsFew) : RowsMax;
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

    // Rows in one statement: any number up to a few, or the most.
    const int RowsFew = 8;
    const int RowsMax = 32;

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

    /// <summary>What the guard named that failed; null when it was no guard.</summary>
    public static object? LostBy(PostgresException fault, NpgsqlBatch commands, List<Batch.Statement> statements)
    {
        if (fault.SqlState is not (PostgresErrorCodes.DivisionByZero or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.CheckViolation)) return null;
        if (fault.BatchCommand is not NpgsqlBatchCommand failed) return null;
        for (int i = 0, command = 0; i < statements.Count; i += Alike(statements, i), command++)
            if (ReferenceEquals(commands.BatchCommands[command], failed)) return statements[i].Lost;
        return null;
    }
}
