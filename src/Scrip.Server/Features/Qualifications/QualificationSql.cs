using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Sessions;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.Qualifications;

/// <summary>
/// The statements that find vouchers for a qualification. Those that are switched off, out of their dates or used up are
/// left where they are; everything else is decided by the engine.
/// </summary>
static class QualificationSql
{
    const string Usable = """
        deleted_at IS NULL AND active AND (starts_at IS NULL OR starts_at <= @now) AND (expires_at IS NULL OR expires_at >= @now)
            AND (quantity IS NULL OR redeemed < quantity)
        """;

    /// <summary>Codes without a campaign that nobody holds, newest first, behind the row of <c>@before</c> and <c>@before_id</c>.</summary>
    public const string Generic = $"""
        SELECT {SessionSql.Columns}, {AssignmentSql.RuleIds} FROM vouchers
        WHERE project_id = @project AND campaign_id IS NULL AND holder_id IS NULL AND {Usable}
            AND (created_at, id) < (@before, @before_id)
        ORDER BY created_at DESC, id DESC LIMIT @rows
        """;

    /// <summary>The one code of each campaign of a generic code.</summary>
    public const string Standalone = $"""
        SELECT {SessionSql.Columns}, {AssignmentSql.RuleIds} FROM vouchers
        WHERE project_id = @project AND {Usable} AND campaign_id IN (
            SELECT id FROM campaigns WHERE project_id = @project AND body->>'type' = 'STANDALONE' AND deleted_at IS NULL)
        """;

    /// <summary>What the customer of <c>@id</c> or <c>@source</c> holds.</summary>
    public const string Wallet = $"""
        SELECT {SessionSql.Columns}, {AssignmentSql.RuleIds} FROM vouchers
        WHERE project_id = @project AND {Usable} AND holder_id = (SELECT id FROM ({CustomerSql.SelectNamed}) holder)
        """;
}
