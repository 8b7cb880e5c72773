using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Features.TrashBin;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Vouchers;

/// <summary>Vouchers in the bin, where their codes stay taken.</summary>
static class VoucherBin
{
    public const string Type = "voucher";

    /// <summary>What the bin wants of vouchers.</summary>
    public static BinKind Kind(CampaignDoor campaigns) => new(Type, (db, _, entry) => Restore(db, entry, campaigns), Delete);

    static async Task Restore(DbConnection db, BinRow entry, CampaignDoor campaigns)
    {
        if (entry.ParentId is { } campaign && !await campaigns.TakeBack(db, entry.ProjectId, campaign))
            throw new ApiFault(Refusals.InvalidPayload.With($"The voucher belongs to campaign {campaign}, which is deleted; restore the campaign first"));
        await db.ExecuteAsync("UPDATE vouchers SET deleted_at = NULL WHERE project_id = @ProjectId AND id = @ResourceId", new { entry.ProjectId, entry.ResourceId });
    }

    static async Task Delete(DbConnection db, Call call, BinRow entry)
    {
        if (await VoucherSql.FindInBin(db, entry.ProjectId, entry.ResourceId) is { } row) await VoucherSql.Delete(db, row, call.Now);
    }
}
