using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Scrip.Bench;

/// <summary>The database of a run, filled from within: rows are copied from an example that the API made.</summary>
sealed class BenchDatabase(string address) : IAsyncDisposable
{
    readonly DbConnection connection = address.StartsWith("sqlite:", StringComparison.Ordinal)
        ? new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = address["sqlite:".Length..], Pooling = false }.ToString())
        : new NpgsqlConnection(Postgres(new Uri(address)));

    bool IsPostgres => connection is NpgsqlConnection;

    /// <summary>Copies rows of examples, in turn, until there are so many; some columns get other values, in SQL over the number <c>i</c>.</summary>
    public async Task Copy(string table, int examples, int count, string key, IReadOnlyList<string> keys, params (string Column, string Value)[] changed)
    {
        var columns = await Columns(table);
        var values = columns.Select(column => changed.FirstOrDefault(one => one.Column == column).Value ?? $"e.{column}");
        var which = string.Join(" ", keys.Take(examples).Select((id, i) => $"WHEN {i} THEN '{id}'"));
        await Execute($"""
            WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {count - 1})
            INSERT INTO {table} ({string.Join(", ", columns)})
            SELECT {string.Join(", ", values)} FROM n JOIN {table} e ON e.project_id = '{Shop.Project}' AND e.{key} = CASE i % {examples} {which} END
            """);
    }

    /// <summary>Writes rows once more into a table of the same form, by COPY where there is one, and answers how many seconds that took.</summary>
    public async Task<double> Again(string table, string condition)
    {
        if (connection is not NpgsqlConnection postgres)
        {
            await Execute($"CREATE TABLE again AS SELECT * FROM {table} WHERE 1 = 0");
            await Execute($"CREATE UNIQUE INDEX again_id ON again (project_id, id)");
            await Execute($"CREATE UNIQUE INDEX again_code ON again (project_id, code)");
            return await Timed(() => Execute($"INSERT INTO again SELECT * FROM {table} WHERE {condition}"));
        }
        await Execute($"CREATE TABLE again (LIKE {table} INCLUDING ALL)");
        using var rows = new MemoryStream();
        await using (var from = await postgres.BeginRawBinaryCopyAsync($"COPY (SELECT * FROM {table} WHERE {condition}) TO STDOUT (FORMAT BINARY)")) await from.CopyToAsync(rows);
        rows.Position = 0;
        return await Timed(async () =>
        {
            await using var to = await postgres.BeginRawBinaryCopyAsync("COPY again FROM STDIN (FORMAT BINARY)");
            await rows.CopyToAsync(to);
        });
    }

    static async Task<double> Timed(Func<Task> work)
    {
        var start = TimeProvider.System.GetTimestamp();
        await work();
        return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The first column of a query, asked once for each id in turn.</summary>
    public async Task<List<string>> Ids(string sql, IReadOnlyList<string> ids)
    {
        var found = new List<string>();
        foreach (var id in ids)
        {
            await using var command = await Command(sql);
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("id", id);
            command.Parameters.Add(parameter);
            found.Add((string)(await command.ExecuteScalarAsync())!);
        }
        return found;
    }

    /// <summary>Runs a statement.</summary>
    public async Task Execute(string sql)
    {
        await using var command = await Command(sql);
        await command.ExecuteNonQueryAsync();
    }

    async Task<List<string>> Columns(string table)
    {
        await using var command = await Command(IsPostgres
            ? $"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' AND table_schema = 'public' ORDER BY ordinal_position"
            : $"SELECT name FROM pragma_table_info('{table}')");
        await using var reader = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await reader.ReadAsync()) names.Add(reader.GetString(0));
        return names;
    }

    async Task<DbCommand> Command(string sql)
    {
        if (connection.State != System.Data.ConnectionState.Open) await connection.OpenAsync();
        var command = connection.CreateCommand();
        (command.CommandText, command.CommandTimeout) = (sql, 600);
        return command;
    }

    static string Postgres(Uri uri) => new NpgsqlConnectionStringBuilder
    {
        Host = uri.Host,
        Port = uri.Port,
        Username = uri.UserInfo,
        Database = uri.AbsolutePath.TrimStart('/'),
        Pooling = false,
        CommandTimeout = 600,
    }.ToString();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
