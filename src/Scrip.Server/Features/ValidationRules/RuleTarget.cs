using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.ValidationRules;

/// <summary>
/// What rules can be assigned to. The targets know rules, so rules are handed these when the server is put together,
/// and the arrows between features keep pointing one way.
/// </summary>
/// <param name="Type">Their kind in the API's words.</param>
/// <param name="Lock">Whether there is one with the id in a project; it stays as it is until the write ends.</param>
sealed record RuleTarget(string Type, Func<DbConnection, string, string, Task<bool>> Lock)
{
    /// <summary>The rows of a table with the columns <c>project_id</c>, <c>id</c> and <c>deleted_at</c>.</summary>
    public static RuleTarget In(string type, string table, Dialect dialect) => new(type, async (db, project, id) =>
        await db.ExecuteScalarAsync<long?>($"SELECT 1 FROM {table} WHERE project_id = @project AND id = @id AND deleted_at IS NULL {dialect.ForUpdate}", new { project, id }) is not null);
}
