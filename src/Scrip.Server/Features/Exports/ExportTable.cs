using Scrip.Engine;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Exports;

/// <summary>What a field of a file is made from.</summary>
/// <param name="Sql">The expressions that a row is asked for; each is made for one database.</param>
/// <param name="Cell">The cell, from their values.</param>
sealed record ExportField(Func<Dialect, string>[] Sql, Func<object?[], ExportContext, Cell> Cell)
{
    /// <summary>Whether the cell looks at the customer's history.</summary>
    public bool NeedsSummary { get; init; }
}

/// <summary>What cells need besides their row.</summary>
/// <param name="Project">The project.</param>
/// <param name="Links">Makes the links of images.</param>
/// <param name="Summary">The history of the row's customer, where a field needs it.</param>
sealed record ExportContext(string Project, AssetLinks Links, CustomerSummary? Summary);

/// <summary>What a list may be narrowed by: the SQL, how its values compare, and conditions of its own.</summary>
sealed record ExportFilterColumn(Func<Dialect, string> Sql, ColumnKind Kind)
{
    /// <summary>Answers the condition of an operator that is no comparison, or null.</summary>
    public Func<string, string, long, string?>? Special { get; init; }
}

/// <summary>
/// One kind of exported object: its table under the name <c>t</c>, the fields a file may have, the orders and the
/// filters. No text of a request becomes SQL.
/// </summary>
sealed record ExportTable
{
    /// <summary>Its name in the API.</summary>
    public required string Name { get; init; }

    /// <summary>The table, which has <c>project_id</c>, <c>id</c> and <c>created_at</c>; null when there is none, so that a file has its first line only.</summary>
    public required string? From { get; init; }

    /// <summary>A condition on the rows that are there; it may name the parameter <c>project</c>.</summary>
    public string Where { get; init; } = "1 = 1";

    /// <summary>By name.</summary>
    public required Dictionary<string, ExportField> Fields { get; init; }

    /// <summary>The fields of a file when none are asked for.</summary>
    public required string[] Default { get; init; }

    /// <summary>What rows may be sorted by: the SQL, never null, and whether it is a number.</summary>
    public required Dictionary<string, (string Sql, bool IsNumber)> Orders { get; init; }

    /// <summary>By name.</summary>
    public Dictionary<string, ExportFilterColumn> Filters { get; init; } = [];

    /// <summary>The metadata, for fields and filters called <c>metadata.x</c>; null when the objects have none.</summary>
    public string[]? Metadata { get; init; }

    /// <summary>Every kind by its name.</summary>
    public static readonly IReadOnlyDictionary<string, ExportTable> All = new[]
    {
        VoucherExport.Vouchers, VoucherExport.Transactions, RedemptionExport.Redemptions, CustomerExport.Customers, OrderExport.Orders,
        ProductExport.Products, ProductExport.Skus, PointsExport.Expirations, PublicationExport.Publications,
    }.ToDictionary(one => one.Name, StringComparer.Ordinal);

    /// <summary>The field of that name.</summary>
    /// <exception cref="ApiFault">There is none.</exception>
    public ExportField Field(string? name)
    {
        if (name is not null && Fields.TryGetValue(name, out var field)) return field;
        if (Metadata is not null && name?.StartsWith(MetadataPrefix, StringComparison.Ordinal) == true && name.Length is > 9 and < 265)
            return Of.Key(Metadata, name[MetadataPrefix.Length..]);
        throw new ApiFault(Refusals.InvalidExportFields.With($"Unsupported field used. Allowed fields: {string.Join(", ", Fields.Keys)}"));
    }

    internal const string MetadataPrefix = "metadata.";
}
