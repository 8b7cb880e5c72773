using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Segments;
using Scrip.Server.Features.Sessions;
using Scrip.Server.Features.Usages;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Validations;

/// <summary>
/// The one round trip of a validation or redemption: what is asked depends on what the request names, and each
/// statement is one of few texts that never vary, so that both databases have it prepared.
/// </summary>
sealed class StackQuestion(StackRequest request, Call call, string[] codes, string[] owners, (UsageCalendar Calendar, UsageKinds Kinds)? counting, bool segments)
{
    const string Version = "SELECT version FROM projects WHERE id = @project";

    // Whether a campaign lies in the bin is known from the snapshot.
    // Two look-ups, since SQLite uses no index for an OR over both.
    static readonly Words VouchersByCode = new(static dialect => VouchersBy(dialect, "code"));
    static readonly Words Vouchers = new(static dialect => $"{VouchersBy(dialect, "code")} UNION ALL {VouchersBy(dialect, "id")}");

    static string VouchersBy(Dialect dialect, string column) =>
        $"SELECT {VoucherRow.HotColumns}, {SessionSql.HeldByOthers}, {AssignmentSql.RuleIds} FROM vouchers WHERE project_id = @project AND {dialect.Among(column, "@codes")}";

    // One text for each way of naming a customer.
    static readonly string[] Customers = ["", CustomerSql.SelectHot(true, false), CustomerSql.SelectHot(false, true), CustomerSql.SelectHot(true, true)];

    readonly string? order = request.Order?.Id ?? request.Order?.SourceId;
    readonly bool hasId = !string.IsNullOrEmpty(request.Customer?.Id);
    readonly bool hasSource = !string.IsNullOrEmpty(request.Customer?.SourceId);

    /// <summary>Asks.</summary>
    public Task<StackRows> Ask()
    {
        var dialect = call.Db.Dialect;
        (string, object?)[] args =
        [
            ("project", call.ProjectId), ("codes", dialect.Texts(codes)), ("session", request.Session?.Key ?? ""), ("now", call.Now),
            ("id", request.Customer?.Id), ("source", request.Customer?.SourceId), ("order", order),
        ];
        var questions = new Batch { MayGoTogether = true }.Add(Version, args);
        // What does not look like an id is none.
        var hasIds = Array.Exists(codes, static code => code.StartsWith(VoucherRow.IdPrefix, StringComparison.Ordinal));
        if (codes.Length > 0) questions.Add((hasIds ? Vouchers : VouchersByCode).In(dialect), args);
        if (order is not null) questions.Add(OrderSql.SelectHot, args);
        if (hasId || hasSource) questions.Add(Customers[(hasId ? 1 : 0) + (hasSource ? 2 : 0)], args);
        var wanted = LineFacts.Ask(questions, dialect, call.ProjectId, request.Order?.Items);
        if (counting is var (calendar, kinds))
            UsageLoading.Ask(questions, dialect, kinds, [.. args, ("owners", dialect.Texts(owners)), ("key", UsageKeyOfCaller), ("wins", dialect.Texts(kinds.Wins(calendar)))],
                codes.Length > 0, hasIds, owners.Length > 0, hasId, hasSource);
        if (AsksSegments) questions.Add(SegmentSnapshot.Members, args);
        return call.Db.Ask(questions, rows => Read(rows, wanted));
    }

    bool AsksSegments => segments && (hasId || hasSource);

    string UsageKeyOfCaller => Scrip.Engine.Facts.UsageKey.ApiKey(call.Caller.AppId);

    async ValueTask<StackRows> Read(Rows rows, LineFacts.Wanted wanted) => new(
        await rows.First(static row => row.Number(0)),
        codes.Length == 0 ? [] : await rows.All(VoucherRow.Read),
        order is null ? null : await rows.First(OrderSql.Read),
        hasId || hasSource ? await CustomerSql.First(rows) : null,
        await LineFacts.Read(rows, wanted),
        counting is null ? null : await UsageLoading.Read(rows, codes.Length > 0, owners.Length > 0),
        AsksSegments ? await rows.All(static row => row.Text(0)) : []);
}

/// <summary>What was found.</summary>
sealed record StackRows(long Version, List<VoucherRow> Vouchers, OrderRow? Order, CustomerRow? Customer, LineFacts Lines, List<UsageRow>? Usage, List<string> Segments);
