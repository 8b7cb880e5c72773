using System.Data.Common;
using Scrip.Engine;

namespace Scrip.Server.Platform;

/// <summary>
/// Who may use a resource that is about to be deleted. The users know the resource, so it is handed these when the
/// server is put together, and the arrows between features keep pointing one way.
/// </summary>
/// <param name="Type">The users' kind in the API's words, such as <c>campaign</c>.</param>
/// <param name="Find">The ids of those of a project that use the resource of an id; a few are enough.</param>
public sealed record ResourceUse(string Type, Func<DbConnection, string, string, Task<List<string>>> Find)
{
    /// <summary>The most ids that one error names.</summary>
    public const int NamedMax = 20;

    /// <summary>Refuses when something uses the resource. To be called in the write that deletes it, which has locked it.</summary>
    /// <exception cref="ApiFault">It is in use.</exception>
    public static async Task Refuse(IEnumerable<ResourceUse> uses, DbConnection db, string project, string type, string id)
    {
        foreach (var use in uses)
            if (await use.Find(db, project, id) is { Count: > 0 } users)
                throw new ApiFault(Refusals.InUse(type, id, use.Type, users));
    }
}
