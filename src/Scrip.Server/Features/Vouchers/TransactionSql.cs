using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Vouchers;

/// <summary>The statements about transactions of cards, which are only ever added.</summary>
static class TransactionSql
{
    const string InsertRow = """
        INSERT INTO voucher_transactions (project_id, id, voucher_id, campaign_id, type, amount, created_at, body)
        VALUES (@project, @id, @voucher, @campaign, @type, @amount, @now, @body)
        """;

    public static Task Insert(DbConnection db, TransactionRow row) => db.ExecuteAsync(InsertRow, new
    {
        project = row.ProjectId, id = row.Id, voucher = row.VoucherId, campaign = row.CampaignId, type = row.Type, amount = row.Amount,
        now = row.CreatedAt, body = new Json(row.Body),
    });

    /// <summary>Adds the transaction to a batch.</summary>
    public static Batch Insert(this Batch batch, TransactionRow row) => batch.Add(InsertRow,
        ("project", row.ProjectId), ("id", row.Id), ("voucher", row.VoucherId), ("campaign", row.CampaignId), ("type", row.Type),
        ("amount", row.Amount), ("now", row.CreatedAt), ("body", new Json(row.Body)));

    public static Transaction Show(TransactionRow row)
    {
        var body = Wire.Read<TransactionBody>(row.Body);
        return new Transaction
        {
            Id = row.Id, VoucherId = row.VoucherId, CampaignId = row.CampaignId ?? "", Type = row.Type, CreatedAt = new(row.CreatedAt),
            SourceId = body.SourceId, Source = body.Source, Reason = body.Reason, RelatedTransactionId = body.RelatedTransactionId,
            Details = body.Details,
        };
    }
}
