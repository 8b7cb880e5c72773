using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Scrip.Server.Tests.Running;

/// <summary>
/// A database made for one test, test class or server, empty when it is given out and gone when it is disposed.
/// A PostgreSQL one lives in the cluster of <c>SCRIP_TEST_POSTGRES</c>; without that variable the test fails.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private static int made;

    private readonly string folder;
    private readonly Uri? cluster;

    private Database(Db db, string name, string folder, Uri? cluster)
    {
        Db = db;
        Name = name;
        this.folder = folder;
        this.cluster = cluster;
    }

    /// <summary>Which kind it is.</summary>
    public Db Db { get; }

    /// <summary>The database's name, unique on this machine.</summary>
    public string Name { get; }

    /// <summary>A folder of its own; the server keeps its files there and it goes with the database.</summary>
    public string Folder => folder;

    /// <summary>The database in the words of <c>SCRIP_DATABASE</c>.</summary>
    public string Address => Db == Db.Sqlite
        ? $"sqlite:{SqliteFile}"
        : new UriBuilder(cluster!) { Path = Name }.Uri.ToString();

    /// <summary>The connection string with which a test looks into the tables itself.</summary>
    public string ConnectionString => Db == Db.Sqlite
        ? new SqliteConnectionStringBuilder { DataSource = SqliteFile, Pooling = false }.ToString()
        : PostgresConnection(cluster!, Name);

    private string SqliteFile => Path.Combine(folder, "scrip.db");

    /// <summary>Makes an empty database.</summary>
    public static async Task<Database> Create(Db db)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"scrip_{Environment.ProcessId}_{Interlocked.Increment(ref made)}");
        var folder = Directory.CreateTempSubdirectory(name + "_").FullName;
        if (db == Db.Sqlite) return new(db, name, folder, null);

        return await On(Cluster(), name, folder);
    }

    /// <summary>Makes one in a cluster that a test has started itself.</summary>
    public static Task<Database> CreateOn(Uri cluster)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"scrip_{Environment.ProcessId}_{Interlocked.Increment(ref made)}");
        return On(cluster, name, Directory.CreateTempSubdirectory(name + "_").FullName);
    }

    private static async Task<Database> On(Uri cluster, string name, string folder)
    {
        await Run(cluster, $"CREATE DATABASE {name}");
        return new(Db.Postgres, name, folder, cluster);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (cluster is not null) await Run(cluster, $"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
        Directory.Delete(folder, recursive: true);
    }

    private static Uri Cluster()
    {
        var address = Environment.GetEnvironmentVariable("SCRIP_TEST_POSTGRES");
        return string.IsNullOrEmpty(address)
            ? throw new InvalidOperationException("SCRIP_TEST_POSTGRES is not set: run the tests with ./dev test, which starts a PostgreSQL for them.")
            : new Uri(address);
    }

    private static async Task Run(Uri cluster, string sql)
    {
        await using var connection = new NpgsqlConnection(PostgresConnection(cluster, "postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string PostgresConnection(Uri cluster, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = cluster.Host,
        Port = cluster.Port,
        Username = Uri.UnescapeDataString(cluster.UserInfo.Split(':')[0]),
        Database = database,
        Pooling = false,
    }.ToString();
}
