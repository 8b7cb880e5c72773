using System.Globalization;
using System.Text.Json;
using Scrip.Engine;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;

namespace Scrip.Server.Features.Vouchers;

/// <summary>Many vouchers at once: what is wrong with the list as a whole is refused, what is wrong with a row is told by the job.</summary>
static class VoucherImportApi
{
    public static void Map(Api v1)
    {
        v1.PostMany<VoucherInput[], StartedAction>("/v1/vouchers/import", "import-vouchers", Import);
        v1.PostFile("/v1/vouchers/importCSV", "import-vouchers-using-csv", ImportCsv);
        v1.PostMany<VoucherMetadataInput[], StartedAction>("/v1/vouchers/bulk/async", "update-vouchers-in-bulk", Update);
        v1.PostMany<VouchersMetadataInput, StartedAction>("/v1/vouchers/metadata/async", "update-vouchers-metadata-in-bulk", UpdateAll);
    }

    static Task<StartedAction> Import(VoucherInput[] vouchers, Call call)
    {
        CheckCodes(vouchers);
        call.Status = StatusCodes.Status202Accepted;
        return JobIntake.Items(call, VoucherJobs.Import, VoucherJobs.Series, call.RawBody.ToArray(), new RowsJob(), isPlain: true);
    }

    /// <summary>Refuses a list in which a voucher has no code.</summary>
    public static void CheckCodes(VoucherInput[] vouchers)
    {
        if (Array.IndexOf(vouchers, null) >= 0) throw new ApiFault(Refusals.InvalidPayload.With("The list must hold objects"));
        var without = vouchers.Count(voucher => string.IsNullOrEmpty(voucher.Code));
        if (without > 0) throw VoucherTerms.Invalid(string.Create(CultureInfo.InvariantCulture, $"Found {without} voucher(s) without 'code' value"));
    }

    static async Task<StartedAction> ImportCsv(Call call)
    {
        call.Status = StatusCodes.Status202Accepted;
        // The job links images of the codes that it tells of.
        await call.Need<AssetSecret>().Links(call);
        return await JobIntake.File(call, VoucherJobs.ImportCsv, VoucherJobs.Series, file => VoucherCsv.Columns.Bind(file, "Code"), isPlain: true);
    }

    static Task<StartedAction> Update(VoucherMetadataInput[] vouchers, Call call)
    {
        for (var i = 0; i < vouchers.Length; i++)
        {
            if (string.IsNullOrEmpty(vouchers[i]?.Code)) throw Checks.Wrong($"[{i}]", "should have required property 'code'");
            if (vouchers[i].Metadata is not { ValueKind: JsonValueKind.Object }) throw Checks.Wrong($"[{i}].metadata", "must be object");
        }
        call.Status = StatusCodes.Status202Accepted;
        return JobIntake.Updates(call, VoucherJobs.BulkUpdate, VoucherJobs.Series, call.RawBody.ToArray(), new RowsJob());
    }

    static Task<StartedAction> UpdateAll(VouchersMetadataInput input, Call call)
    {
        if (input.Codes is null) throw Checks.Wrong("codes", "is required");
        if (input.Codes.Any(string.IsNullOrEmpty)) throw Checks.Wrong("codes", "must hold texts that are not empty");
        if (input.Metadata is not { ValueKind: JsonValueKind.Object }) throw Checks.Wrong("metadata", "must be object");
        call.Status = StatusCodes.Status202Accepted;
        return JobIntake.Updates(call, VoucherJobs.MetadataUpdate, VoucherJobs.Series, Wire.Bytes(input.Codes), new RowsJob { Metadata = input.Metadata });
    }
}

/// <summary>One voucher of a bulk update.</summary>
public sealed record VoucherMetadataInput
{
    public string? Code { get; init; }
    public JsonElement? Metadata { get; init; }
}

/// <summary>Vouchers that get the same metadata.</summary>
public sealed record VouchersMetadataInput
{
    public string[]? Codes { get; init; }
    public JsonElement? Metadata { get; init; }
}
