using Npgsql;

namespace Scrip.Server.Platform.Data;

/// <summary>The answers of a batch of PostgreSQL, read as they arrive.</summary>
sealed class PostgresRows(NpgsqlDataReader reader) : Rows
{
    /// <summary>How many statements were left behind.</summary>
    public int Passed { get; private set; }

    public override ValueTask<bool> Next() => new(reader.ReadAsync());

    public override ValueTask NextStatement()
    {
        Passed++;
        return new(reader.NextResultAsync());
    }

    public override string Text(int column) => reader.GetString(column);

    public override string? TextOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public override long Number(int column) => reader.GetInt64(column);

    public override long? NumberOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    public override bool Truth(int column) => reader.GetBoolean(column);
}
