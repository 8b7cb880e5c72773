using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Vouchers;

/// <summary>The statements about transactions of cards, which are only ever added.</summary>
static class TransactionSql
{
    // After the card's own UPDATE in the same transaction: what it has then is what is noted.
    const string InsertRow = """
        INSERT INTO voucher_transactions (project_id, id, voucher_id, campaign_id, type, amount, total, balance, created_at, body)
        SELECT @project, @id, @voucher, @campaign, @type, @amount, gift_amount - gift_subtracted, gift_balance, @now, @body
        FROM vouchers WHERE project_id = @project AND id = @voucher
        """;

    public static Task Insert(DbConnection db, TransactionRow row) => db.ExecuteAsync(InsertRow, new
    {
        project = row.ProjectId,
        id = row.Id,
        voucher = row.VoucherId,
        campaign = row.CampaignId,
        type = row.Type,
        amount = row.Amount,
        now = row.CreatedAt,
        body = new Json(row.Body),
    });

    /// <summary>Adds the transaction to a batch. It notes the balance that the card has then, so it comes after what moved it.</summary>
    public static Batch Insert(this Batch batch, TransactionRow row) => batch.Add(InsertRow,
        ("project", row.ProjectId), ("id", row.Id), ("voucher", row.VoucherId), ("campaign", row.CampaignId), ("type", row.Type),
        ("amount", row.Amount), ("now", row.CreatedAt), ("body", new Json(row.Body))).At(Rank.Voucher, row.VoucherId);

    public static Transaction Show(TransactionRow row)
    {
        var body = Wire.Read<TransactionBody>(row.Body);
        return new Transaction
        {
            Id = row.Id,
            VoucherId = row.VoucherId,
            CampaignId = row.CampaignId ?? "",
            Type = row.Type,
            CreatedAt = new(row.CreatedAt),
            SourceId = body.SourceId,
            Source = body.Source,
            Reason = body.Reason,
            RelatedTransactionId = body.RelatedTransactionId,
            Expired = body.Expired ?? [],
            Details = body.Details with { Balance = body.Details.Balance with { Total = row.Total, Balance = row.Balance } },
        };
    }
}
