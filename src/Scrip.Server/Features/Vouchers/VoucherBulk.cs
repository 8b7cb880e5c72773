using System.Data.Common;
using Dapper;
using Scrip.Engine.Schemas;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Vouchers;

/// <summary>Adds and finds many vouchers at once, for jobs.</summary>
static class VoucherBulk
{
    /// <summary>Adds vouchers with the credits that are on their cards. None of the codes may be taken.</summary>
    public static async Task Insert(Database database, DbConnection db, List<VoucherRow> rows, long now)
    {
        if (rows.Count == 0) return;
        await database.BulkInsert(db, "vouchers", VoucherSql.BulkColumns, Values(rows));
        await Belongings(database, db, rows, now);
    }

    /// <summary>Like <see cref="Insert"/>, but answers false, and adds nothing, when one of the codes is taken.</summary>
    public static async Task<bool> TryInsert(Database database, DbConnection db, List<VoucherRow> rows, long now)
    {
        if (rows.Count == 0) return true;
        if (!await database.TryBulkInsert(db, "vouchers", VoucherSql.BulkColumns, Values(rows))) return false;
        await Belongings(database, db, rows, now);
        return true;
    }

    // In the order of the index of codes, whose pages are then touched once.
    static IEnumerable<object?[]> Values(List<VoucherRow> rows)
    {
        rows.Sort((one, other) => string.CompareOrdinal(one.Code, other.Code));
        return rows.Select(VoucherSql.Values);
    }

    // The credits of cards, and the rules that vouchers of their own have.
    static async Task Belongings(Database database, DbConnection db, List<VoucherRow> rows, long now)
    {
        if (rows.Exists(row => row.GiftAmount > 0))
        {
            // In the order of the indexes of postings, which name cards by their ids.
            VoucherRow[] cards = [.. rows.OrderBy(row => row.Id, StringComparer.Ordinal)];
            await database.BulkInsert(db, "postings", Ledger.Columns, Ledger.Issue(rows[0].ProjectId, Ids.New("vtx_", now), cards, now));
        }
        if (rows.Exists(row => row.HasRules))
            await AssignmentSql.AddMany(database, db, rows[0].ProjectId, [.. rows.Where(row => row.HasRules).Select(row => (row.RuleIds!, row.Id))], now);
    }

    /// <summary>A new row of a file, which must have what the project's schema of vouchers asks for.</summary>
    /// <exception cref="ApiFault">Something that is required is missing.</exception>
    public static VoucherRow Held(SchemaSet schemas, VoucherRow row)
    {
        if (schemas.Describes(SchemaKinds.Voucher)) SchemaCheck.Hold(schemas, SchemaKinds.Voucher, Wire.Read<VoucherBody>(row.Body).Metadata, isNew: true);
        return row;
    }

    /// <summary>Vouchers by their codes, those in the bin included, which stay as they are until the write ends. They are locked in the order of their ids, as redemptions lock them.</summary>
    public static async Task<Dictionary<string, VoucherRow>> Known(DbConnection db, Dialect dialect, string project, IReadOnlyCollection<string> codes) =>
        (await db.QueryAsync<VoucherRow>($"""
            SELECT * FROM vouchers WHERE project_id = @project AND {dialect.Among("code", "@codes")} ORDER BY id {dialect.ForUpdate}
            """, new { project, codes = dialect.Texts(codes) })).ToDictionary(row => row.Code, StringComparer.Ordinal);
}

/// <summary>The categories of a project, which a file names by id or by name; anything else is a tag.</summary>
sealed class CategoryNames(IEnumerable<CategoryRow> rows)
{
    readonly List<CategoryRow> rows = [.. rows];

    /// <summary>Reads them.</summary>
    public static async Task<CategoryNames> Load(DbConnection db, string project) => new(await CategorySql.All(db, project));

    /// <summary>The id and the tag that a text stands for.</summary>
    public (string? Id, string? Tag) Of(string? text)
    {
        if (text is null) return (null, null);
        var found = rows.Find(row => row.Id == text) ?? rows.Find(row => row.Name == text);
        return found is null ? (null, text) : (found.Id, found.Name);
    }

    /// <summary>True when there is a category with the id.</summary>
    public bool Has(string id) => rows.Exists(row => row.Id == id);
}
