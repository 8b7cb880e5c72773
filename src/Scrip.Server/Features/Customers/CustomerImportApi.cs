using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;

namespace Scrip.Server.Features.Customers;

/// <summary>Many customers at once.</summary>
static class CustomerImportApi
{
    public static void Map(Api v1)
    {
        v1.PostFile("/v1/customers/importCSV", "import-customers-using-csv", call =>
        {
            call.Status = StatusCodes.Status202Accepted;
            return JobIntake.File(call, CustomerJobs.ImportCsv, CustomerJobs.Series, file => _ = new CustomerCsv(file));
        });
        v1.PostMany<CustomerInput[], StartedAction>("/v1/customers/bulk/async", "update-customers-in-bulk", Update);
        v1.PostMany<SourcesMetadataInput, StartedAction>("/v1/customers/metadata/async", "update-customers-metadata-in-bulk", (input, call) =>
        {
            var sources = input.Checked();
            call.Status = StatusCodes.Status202Accepted;
            return JobIntake.Updates(call, CustomerJobs.MetadataUpdate, CustomerJobs.Series, Wire.Bytes(sources), new RowsJob { Metadata = input.Metadata });
        });
    }

    static Task<StartedAction> Update(CustomerInput[] customers, Call call)
    {
        for (var i = 0; i < customers.Length; i++)
            if (string.IsNullOrEmpty(customers[i]?.SourceId)) throw Checks.Wrong($"[{i}]", "should have required property 'source_id'");
        call.Status = StatusCodes.Status202Accepted;
        return JobIntake.Updates(call, CustomerJobs.BulkUpdate, CustomerJobs.Series, call.RawBody.ToArray(), new RowsJob());
    }
}
