namespace Scrip.Server.Platform.Data;

/// <summary>
/// A statement in the words of each database, written once: the text of a hot statement is always the same object, so
/// that both databases know it again without reading it.
/// </summary>
public sealed class Words(Func<Dialect, string> write)
{
    readonly string sqlite = write(Dialect.Sqlite);
    readonly string postgres = write(Dialect.Postgres);

    /// <summary>The statement in the words of one database.</summary>
    public string In(Dialect dialect) => dialect.IsPostgres ? postgres : sqlite;
}
