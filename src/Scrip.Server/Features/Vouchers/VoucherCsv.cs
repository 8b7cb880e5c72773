using System.Data.Common;
using Scrip.Engine;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Csv;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Vouchers;

/// <summary>
/// Reads rows of a CSV file as vouchers without a campaign. Amounts are whole minor units. What many rows have in common,
/// such as their discount, is checked and written once.
/// </summary>
sealed class VoucherCsv(CsvBinding binding, DbConnection db, Dialect dialect, string project, CategoryNames categories, long now)
{
    const int KeptMax = 2000;

    /// <summary>The columns of the import guide.</summary>
    public static readonly CsvColumns Columns = new(
        ["Code"], ["Voucher Type", "Type"], ["Value"], ["Discount Type"], ["Discount Effect", "Effect"], ["Unit Type"], ["Formula"],
        ["Category"], ["Start Date"], ["Expiration Date"], ["Redemption Limit"], ["Redeemed Quantity"], ["Redeemed Amount"],
        ["Active"], ["Additional Info"], ["Validation Rule ID"]);

    readonly CsvMetadata metadata = new(binding);
    readonly Dictionary<Terms, string> kept = [];
    readonly Dictionary<string, bool> rules = new(StringComparer.Ordinal);
    readonly Dictionary<string, long> instants = new(StringComparer.Ordinal);

    /// <summary>What rows have in common.</summary>
    readonly record struct Terms(string Type, string? Value, string? Discount, string? Effect, string? Unit, string? Formula, string? Tag, string? Info);

    /// <summary>What becomes of the texts of metadata.</summary>
    public Func<System.Text.Json.JsonElement, System.Text.Json.JsonElement>? Typed { init => metadata.Typed = value; }

    /// <summary>The code of a row; empty when it has none.</summary>
    public string CodeOf(CsvRow row) => row.Fields.Length > binding.Places["Code"] ? row.Fields[binding.Places["Code"]] : "";

    /// <summary>A new voucher.</summary>
    /// <exception cref="ApiFault">The row cannot be one; the fault says why.</exception>
    public async Task<VoucherRow> New(CsvRow row)
    {
        row = binding.Checked(row);
        var code = VoucherTerms.Code(Of(row, "Code"));
        var type = Of(row, "Voucher Type") ?? throw CsvValue.Wrong("Voucher Type is required");
        if (type is not (VoucherTypes.Discount or VoucherTypes.Gift)) throw CsvValue.Wrong($"Voucher Type must be DISCOUNT_VOUCHER or GIFT_VOUCHER (actual value is '{type}')");
        var rule = await RuleOf(row);
        var (categoryId, tag) = categories.Of(Of(row, "Category"));
        var body = await Body(row, type, tag);
        var (start, end) = Period(row, null, null);
        var quantity = CsvValue.Whole(Of(row, "Redemption Limit"), "Redemption Limit");
        if (quantity == 0) throw CsvValue.Wrong("Redemption Limit must be above 0; leave it empty for no limit");
        var redeemed = CsvValue.Whole(Of(row, "Redeemed Quantity"), "Redeemed Quantity") ?? 0;
        if (redeemed > quantity) throw CsvValue.Wrong("Redeemed Quantity must not be above Redemption Limit");
        var (amount, balance) = type == VoucherTypes.Gift ? Credits(Of(row, "Value"), Of(row, "Redeemed Amount")) : (null, null);
        return new VoucherRow
        {
            ProjectId = project,
            Id = Ids.New(VoucherRow.IdPrefix, now),
            Code = code,
            Type = type,
            CategoryId = categoryId,
            Active = CsvValue.Flag(Of(row, "Active"), "Active") ?? true,
            StartsAt = start,
            ExpiresAt = end,
            Quantity = quantity,
            Redeemed = redeemed,
            GiftAmount = amount,
            GiftBalance = balance,
            CreatedAt = now,
            Body = With(body, metadata.Text(row)),
            HasRules = rule is not null,
            RuleIds = rule,
        };
    }

    /// <summary>The validation rule that a row names, which the write then holds.</summary>
    /// <exception cref="ApiFault">There is no such rule.</exception>
    public async Task<string?> RuleOf(CsvRow row)
    {
        if (Of(binding.Checked(row), "Validation Rule ID") is not { } rule) return null;
        if (!rules.TryGetValue(rule, out var isThere)) rules[rule] = isThere = await AssignmentSql.Hold(db, dialect, project, rule);
        return isThere ? rule : throw new ApiFault(Refusals.Missing("validation rule", rule));
    }

    /// <summary>
    /// A known voucher with what the row says differently: state, category, period, info and metadata. Type, value and
    /// what was redeemed stay; of a voucher of a campaign all but state and category does.
    /// </summary>
    public VoucherRow Changed(VoucherRow known, CsvRow row)
    {
        row = binding.Checked(row);
        if (known.DeletedAt is not null) throw CsvValue.Wrong("The code is taken by a voucher in the bin");
        var body = Wire.Read<VoucherBody>(known.Body);
        var category = Of(row, "Category") is { } text ? categories.Of(text) : (known.CategoryId, body.Category);
        var active = CsvValue.Flag(Of(row, "Active"), "Active") ?? known.Active;
        var (start, end) = (known.StartsAt, known.ExpiresAt);
        body = body with { Category = category.Item2 };
        if (known.CampaignId is null)
        {
            (start, end) = Period(row, start, end);
            body = body with { AdditionalInfo = Of(row, "Additional Info") ?? body.AdditionalInfo, Metadata = Merging.Metadata(body.Metadata, metadata.Read(row)) };
        }
        return known with { Active = active, CategoryId = category.Item1, StartsAt = start, ExpiresAt = end, UpdatedAt = now, Body = Wire.Text(body) };
    }

    /// <summary>What a card is loaded with and what is left of it.</summary>
    public static (long? Amount, long? Balance) Credits(string? value, string? redeemed)
    {
        var amount = CsvValue.Whole(value, "Value") ?? throw CsvValue.Wrong("Value is required");
        var spent = CsvValue.Whole(redeemed, "Redeemed Amount") ?? 0;
        return spent <= amount ? (amount, amount - spent) : throw CsvValue.Wrong("Redeemed Amount must not be above the amount of the card");
    }

    /// <summary>A stored body with metadata that it does not have yet.</summary>
    public static string With(string body, string? metadata) => metadata is null ? body
        : body.Length == 2 ? $"{{\"metadata\":{metadata}}}" : $"{body[..^1]},\"metadata\":{metadata}}}";

    (long? Start, long? End) Period(CsvRow row, long? start, long? end)
    {
        (start, end) = (CsvValue.Instant(Of(row, "Start Date"), "Start Date", instants) ?? start, CsvValue.Instant(Of(row, "Expiration Date"), "Expiration Date", instants) ?? end);
        return start is null || end is null || start < end ? (start, end) : throw CsvValue.Wrong("Expiration Date must be after Start Date");
    }

    async Task<string> Body(CsvRow row, string type, string? tag)
    {
        var isGift = type == VoucherTypes.Gift;
        var terms = new Terms(type, isGift ? null : Of(row, "Value"), isGift ? null : Of(row, "Discount Type"), Of(row, "Discount Effect"), Of(row, "Unit Type"),
            Of(row, "Formula"), tag, Checks.Text(Of(row, "Additional Info"), "Additional Info", 10_000));
        if (kept.TryGetValue(terms, out var found)) return found;
        var discount = isGift ? null : await DiscountCheck.Read(db, project, DiscountOf(terms));
        var effect = isGift ? VoucherTerms.GiftEffect(terms.Effect) ?? "APPLY_TO_ORDER" : null;
        var body = Wire.Text(new VoucherBody { Discount = discount, GiftEffect = effect, Category = tag is null ? null : Checks.Text(tag, "Category"), AdditionalInfo = terms.Info });
        if (kept.Count < KeptMax) kept[terms] = body;
        return body;
    }

    static Discount DiscountOf(Terms terms) => terms.Discount switch
    {
        "AMOUNT" => new Discount { Type = "AMOUNT", AmountOff = CsvValue.Whole(terms.Value, "Value"), AmountOffFormula = terms.Formula, Effect = terms.Effect },
        "PERCENT" => new Discount { Type = "PERCENT", PercentOff = CsvValue.Fraction(terms.Value, "Value"), PercentOffFormula = terms.Formula, Effect = terms.Effect },
        "FIXED" => new Discount { Type = "FIXED", FixedAmount = CsvValue.Whole(terms.Value, "Value"), FixedAmountFormula = terms.Formula, Effect = terms.Effect },
        "UNIT" => new Discount { Type = "UNIT", UnitOff = CsvValue.Whole(terms.Value, "Value"), UnitOffFormula = terms.Formula, UnitType = terms.Unit, Effect = terms.Effect },
        null => throw CsvValue.Wrong("Discount Type is required"),
        _ => throw CsvValue.Wrong($"Discount Type must be AMOUNT, PERCENT, FIXED or UNIT (actual value is '{terms.Discount}')"),
    };

    string? Of(CsvRow row, string column) => binding.Of(row, column);
}
