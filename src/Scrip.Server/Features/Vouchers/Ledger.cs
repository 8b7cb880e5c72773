using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.Vouchers;

/// <summary>
/// Where gift credits and loyalty points are: postings between accounts, only ever added. The postings of one transaction
/// sum to zero, and the balance of a card is the sum of the postings of its account. Points have accounts of their own.
/// </summary>
static class Ledger
{
    /// <summary>The account that credits or points of such vouchers come from; its sum is what is out, below zero.</summary>
    public static string Issued(string voucherType) => voucherType == VoucherTypes.Loyalty ? "points_issued" : "issued";

    /// <summary>The account that redeemed credits or points of such vouchers go to.</summary>
    public static string Spent(string voucherType) => voucherType == VoucherTypes.Loyalty ? "points_spent" : "spent";

    /// <summary>The account that points go to when they expire.</summary>
    public const string Expired = "points_expired";

    /// <summary>The columns of <see cref="Issue"/>.</summary>
    public static readonly (string Name, bool IsJson)[] Columns =
        [("project_id", false), ("transaction_id", false), ("account", false), ("amount", false), ("created_at", false)];

    const string Insert = """
        INSERT INTO postings (project_id, transaction_id, account, amount, created_at)
        VALUES (@project, @source, @from, -@amount, @now), (@project, @source, @to, @amount, @now)
        """;

    /// <summary>The account of a card.</summary>
    public static string Card(string voucherId) => "card:" + voucherId;

    /// <summary>Moves credits inside a write; nothing moves nothing.</summary>
    /// <param name="db">The connection of the write.</param>
    /// <param name="project">The project.</param>
    /// <param name="transaction">Names the movement; once for each pair of accounts.</param>
    /// <param name="from">The account that loses.</param>
    /// <param name="to">The account that gains.</param>
    /// <param name="amount">Minor units, not negative.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static Task Move(DbConnection db, string project, string transaction, string from, string to, long amount, long now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        return amount == 0 ? Task.CompletedTask : db.ExecuteAsync(Insert, new { project, source = transaction, from, to, amount, now });
    }

    /// <summary>Adds the movement to a batch; see <see cref="Move(DbConnection, string, string, string, string, long, long)"/>.</summary>
    public static Batch Move(this Batch batch, string project, string transaction, string from, string to, long amount, long now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        return amount == 0 ? batch : batch.Add(Insert,
            ("project", project), ("source", transaction), ("from", from), ("to", to), ("amount", amount), ("now", now));
    }

    /// <summary>Rows that issue what each card is loaded with under one transaction; what is not on it any more was spent.</summary>
    public static IEnumerable<object?[]> Issue(string project, string transaction, IReadOnlyCollection<VoucherRow> cards, long now) =>
        ManyWithIssued(project, transaction, cards, 1, now);

    /// <summary>Rows that take back what is left on each card, for cards that are deleted for good.</summary>
    public static IEnumerable<object?[]> TakeBack(string project, string transaction, IReadOnlyCollection<VoucherRow> cards, long now) =>
        ManyWithIssued(project, transaction, cards, -1, now);

    static IEnumerable<object?[]> ManyWithIssued(string project, string transaction, IReadOnlyCollection<VoucherRow> cards, long sign, long now)
    {
        foreach (var alike in cards.GroupBy(card => card.Type == VoucherTypes.Loyalty))
            foreach (var row in OfType(project, transaction, alike, alike.Key ? VoucherTypes.Loyalty : VoucherTypes.Gift, sign, now))
                yield return row;
    }

    static IEnumerable<object?[]> OfType(string project, string transaction, IEnumerable<VoucherRow> cards, string type, long sign, long now)
    {
        var (sum, spent) = (0L, 0L);
        foreach (var card in cards)
        {
            if (card.GiftBalance is not { } balance) continue;
            spent = checked(spent + Math.Max(0, (card.GiftAmount ?? balance) - balance));
            if (balance == 0) continue;
            sum = checked(sum + balance);
            yield return [project, transaction, Card(card.Id), sign * balance, now];
        }
        if (spent > 0) yield return [project, transaction, Spent(type), sign * spent, now];
        if (sum + spent > 0) yield return [project, transaction, Issued(type), -sign * checked(sum + spent), now];
    }

    /// <summary>Adds everything up again, over all projects.</summary>
    public static async Task<LedgerReport> Verify(DbConnection db)
    {
        await using var results = await db.QueryMultipleAsync("""
            SELECT COUNT(*) FROM postings;
            SELECT COUNT(*) FROM vouchers WHERE gift_balance IS NOT NULL;
            SELECT project_id || ' ' || transaction_id || ': the postings sum to ' || CAST(SUM(amount) AS TEXT)
            FROM postings GROUP BY project_id, transaction_id HAVING SUM(amount) <> 0;
            SELECT cards.project_id || ' ' || cards.id || ': balance ' || CAST(gift_balance AS TEXT) || ', postings ' || CAST(COALESCE(total, 0) AS TEXT)
            FROM vouchers cards LEFT JOIN (SELECT project_id, account, SUM(amount) AS total FROM postings GROUP BY project_id, account) sums
                ON sums.project_id = cards.project_id AND sums.account = 'card:' || cards.id
            WHERE gift_balance IS NOT NULL AND gift_balance <> COALESCE(total, 0);
            SELECT project_id || ' ' || account || ': no such card, but postings of ' || CAST(SUM(amount) AS TEXT)
            FROM postings WHERE account LIKE 'card:%' AND NOT EXISTS (
                SELECT 1 FROM vouchers WHERE vouchers.project_id = postings.project_id AND vouchers.id = SUBSTR(postings.account, 6))
            GROUP BY project_id, account HAVING SUM(amount) <> 0;
            """);
        var (postings, cards) = (await results.ReadSingleAsync<long>(), await results.ReadSingleAsync<long>());
        var differences = new List<string>();
        for (var i = 0; i < 3; i++) differences.AddRange(await results.ReadAsync<string>());
        return new LedgerReport(postings, cards, differences);
    }
}

/// <summary>What adding the ledger up came to; without differences all is well.</summary>
public sealed record LedgerReport(long Postings, long Cards, IReadOnlyList<string> Differences);
