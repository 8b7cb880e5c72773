using System.Data.Common;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.TrashBin;

/// <summary>
/// What can lie in the bin. Whoever deletes knows the bin, so the bin is handed these when the server is put together.
/// Both run in the write that has taken the entry out of the bin, so that of two that want it one finds it gone.
/// </summary>
/// <param name="Type">The kind in the API's words.</param>
/// <param name="Restore">Takes the resource back; a fault when it cannot be.</param>
/// <param name="Delete">Deletes the resource for good, and gives its identifiers free.</param>
sealed record BinKind(string Type, Func<DbConnection, Call, BinRow, Task> Restore, Func<DbConnection, Call, BinRow, Task> Delete);
