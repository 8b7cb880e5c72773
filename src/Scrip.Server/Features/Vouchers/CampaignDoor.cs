using System.Data.Common;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Vouchers;

/// <summary>
/// The things a voucher wants of campaigns. Campaigns know vouchers, so vouchers are handed these when the
/// server is put together, and the arrows keep pointing one way.
/// </summary>
/// <param name="Add">Adds one voucher, with the code or a drawn one, to the campaign of an id or name; answers its row with the campaign's name.</param>
/// <param name="Forget">Counts one voucher out of the campaign of an id.</param>
/// <param name="TakeBack">Counts one voucher in again; false when the campaign is deleted.</param>
sealed record CampaignDoor(
    Func<DbConnection, Call, string, VoucherInput, string?, Task<VoucherRow>> Add, Func<DbConnection, string, string, Task> Forget,
    Func<DbConnection, string, string, Task<bool>> TakeBack);
