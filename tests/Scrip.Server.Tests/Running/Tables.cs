using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Scrip.Server.Tests.Running;

/// <summary>What no operation can bring about yet, written into the tables themselves.</summary>
public static class Tables
{
    /// <summary>Gives a voucher to a customer; publications, which do that, are not served yet.</summary>
    public static async Task Give(this Servers servers, ApiClient scrip, string code, string customerId)
    {
        var changed = await Run(await servers.On(scrip.Db), "UPDATE vouchers SET holder_id = @holder WHERE project_id = @project AND code = @code",
            ("holder", customerId), ("project", scrip.Project.Id), ("code", code));
        changed.ShouldBe(1);
    }

    /// <summary>The rows of a query, each value as text.</summary>
    public static async Task<List<string[]>> Rows(Database database, string sql)
    {
        await using DbConnection connection = database.Db == Db.Sqlite ? new SqliteConnection(database.ConnectionString) : new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string[]>();
        while (await reader.ReadAsync())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), System.Globalization.CultureInfo.InvariantCulture)!)]);
        return rows;
    }

    /// <summary>Runs a statement and answers how many rows it changed.</summary>
    public static async Task<int> Run(ScripProcess server, string sql, params (string Name, object Value)[] args)
    {
        await using DbConnection connection = server.Database.Db == Db.Sqlite
            ? new SqliteConnection(server.Database.ConnectionString)
            : new NpgsqlConnection(server.Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in args)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>The rows of a query, each as a text with bars between its values.</summary>
    public static async Task<List<string>> Read(Database database, string sql, params (string Name, object Value)[] args)
    {
        await using DbConnection connection = database.Db == Db.Sqlite
            ? new SqliteConnection(database.ConnectionString)
            : new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in args)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        var rows = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "-" : Convert.ToString(reader.GetValue(i), System.Globalization.CultureInfo.InvariantCulture))));
        return rows;
    }
}
