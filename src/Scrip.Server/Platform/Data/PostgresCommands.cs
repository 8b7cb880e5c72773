using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace Scrip.Server.Platform.Data;

/// <summary>The statements of batches as the driver takes them.</summary>
static partial class PostgresCommands
{
    /// <summary>
    /// A batch of the driver for one round trip, which is one transaction. Rows that are added to one table one after the other
    /// go as one statement, and so do rows that are changed alike, if whoever loses that way can go again without.
    /// </summary>
    public static NpgsqlBatch Of(NpgsqlDataSource source, List<Batch.Statement> statements, bool changesTogether = false)
    {
        var commands = source.CreateBatch();
        for (var i = 0; i < statements.Count;)
        {
            var many = Alike(statements, i, changesTogether);
            commands.BatchCommands.Add(many == 1 ? Command(statements[i]) : ShapeOf(statements[i].Sql).Row is null ? Change(statements, i, many) : Insert(statements, i, many));
            i += many;
        }
        return commands;
    }

    // How many statements from here on go as one; 1 for most.
    static int Alike(List<Batch.Statement> statements, int at, bool changesTogether)
    {
        var first = statements[at];
        if (at + 1 == statements.Count || !IsLike(statements[at + 1], first)) return 1;
        var shape = ShapeOf(first.Sql);
        var count = 1;
        if (shape.Row is not null)
        {
            while (at + count < statements.Count && count < RowsMax && IsLike(statements[at + count], first)) count++;
            // Each number of rows is a text of its own, which every connection prepares: of large numbers there are few.
            return count < RowsMax ? Math.Min(count, RowsFew) : RowsMax;
        }
        // One statement changes a row once, so each must be another one: that is what turns say.
        if (changesTogether && shape.ChangesMany is not null && first.Lost is not null && IsOfTextsAndNumbers(first))
            while (at + count < statements.Count && IsLike(statements[at + count], first) && IsOfTextsAndNumbers(statements[at + count])
                && statements[at + count - 1].Turn.IsBefore(statements[at + count].Turn)) count++;
        return count;
    }

    static bool IsOfTextsAndNumbers(Batch.Statement one) => Array.TrueForAll(one.Args, static arg => arg.Value is string or long);

    static bool IsLike(Batch.Statement one, Batch.Statement other) => ReferenceEquals(one.Sql, other.Sql) && Equals(one.Lost, other.Lost) && !one.IsCheck;

    static NpgsqlBatchCommand Insert(List<Batch.Statement> statements, int at, int count)
    {
        var shape = ShapeOf(statements[at].Sql);
        var command = new NpgsqlBatchCommand(shape.Many(count));
        for (var i = at; i < at + count; i++)
            foreach (var name in shape.Names) command.Parameters.Add(Parameter(Value(statements[i].Args, name)));
        return command;
    }

    // Texts and numbers as arrays side by side.
    static NpgsqlBatchCommand Change(List<Batch.Statement> statements, int at, int count)
    {
        var shape = ShapeOf(statements[at].Sql);
        var command = new NpgsqlBatchCommand(shape.ChangesMany!);
        foreach (var name in shape.Names)
        {
            var values = new object?[count];
            for (var i = 0; i < count; i++) values[i] = Value(statements[at + i].Args, name);
            command.Parameters.Add(Parameter(values[0] is long
                ? Array.ConvertAll(values, static value => (long)value!)
                : Array.ConvertAll(values, static value => (string)value!)));
        }
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
        var command = new NpgsqlBatchCommand(statement.Lost is null || shape.Row is not null ? shape.Plain : statement.IsCheck ? shape.Checked : shape.Guarded);
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

    [GeneratedRegex(@"^\s*UPDATE (\w+) SET (.+?)\s+WHERE (project_id = @project AND id = @id)\b(.*)$", RegexOptions.Singleline)]
    private static partial Regex OneChange();

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
            if (OneChange().Match(sql) is { Success: true } change) ChangesMany = ChangeMany(change);
        }

        // Each row is found by its whole key, whatever the planner thinks of the table, and locked in the order of the arrays.
        string ChangeMany(Match change)
        {
            string OfGiven(string text) => Argument().Replace(text, "given.a_$1");
            return $"""
                WITH guarded AS (UPDATE {change.Groups[1].Value} SET {OfGiven(change.Groups[2].Value)} FROM (
                    SELECT found.place, given.* FROM unnest({string.Join(", ", Names.Select((_, i) => $"${i + 1}"))}) AS given({string.Join(", ", Names.Select(name => $"a_{name}"))})
                        CROSS JOIN LATERAL (SELECT ctid AS place FROM {change.Groups[1].Value} WHERE {OfGiven(change.Groups[3].Value)} OFFSET 0) AS found OFFSET 0) AS given
                    WHERE ctid = given.place{OfGiven(change.Groups[4].Value)} RETURNING 1)
                SELECT 1 / CAST(count(*) = cardinality($1) AS INTEGER) FROM guarded
                """;
        }

        // The statement up to its row, and the row, of one that adds a row and does nothing else: it adds it or fails.
        readonly string head = "";
        readonly string?[] many = new string?[RowsMax + 1];

        public string? Row { get; }

        /// <summary>The statement for so many rows: the arguments of the second follow those of the first.</summary>
        public string Many(int count) => many[count] ??= head + string.Join(", ", Enumerable.Range(0, count).Select(i =>
            Argument().Replace(Row!, found => $"${(i * Names.Length) + Array.IndexOf(Names, found.Groups[1].Value) + 1}")));

        /// <summary>
        /// The statement for any number of rows, guarded, of one that changes the row of a key: with arrays for arguments. Where
        /// a row changed meanwhile, it may be that it is not found: then the guard is lost, though it would not be alone.
        /// </summary>
        public string? ChangesMany { get; }

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
        Utf8Text text => new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = text.Bytes, NpgsqlDbType = NpgsqlDbType.Text },
        Json json => new NpgsqlParameter<string> { TypedValue = json.Text, NpgsqlDbType = NpgsqlDbType.Jsonb },
        string[] texts => new NpgsqlParameter<string[]> { TypedValue = texts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
        long[] numbers => new NpgsqlParameter<long[]> { TypedValue = numbers, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
        null => new NpgsqlParameter { Value = DBNull.Value },
        Null.Text => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
        Null.Number => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
        Null.Json => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb },
        _ => new NpgsqlParameter { Value = value },
    };

    /// <summary>What the guard named that failed; null when it was no guard, or that of several changes at once.</summary>
    public static object? LostBy(PostgresException fault, NpgsqlBatch commands, List<Batch.Statement> statements, bool changesTogether = false)
    {
        if (fault.SqlState is not (PostgresErrorCodes.DivisionByZero or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.CheckViolation)) return null;
        if (fault.BatchCommand is not NpgsqlBatchCommand failed) return null;
        for (int i = 0, command = 0, many; i < statements.Count; i += many, command++)
        {
            many = Alike(statements, i, changesTogether);
            if (ReferenceEquals(commands.BatchCommands[command], failed)) return many == 1 || ShapeOf(statements[i].Sql).Row is not null ? statements[i].Lost : null;
        }
        return null;
    }
}
