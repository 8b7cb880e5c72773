using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;

namespace Scrip.Server.Features.Products;

/// <summary>Many products or SKUs at once.</summary>
static class ProductImportApi
{
    public static void Map(Api v1)
    {
        v1.PostMany<ProductInput[], StartedAction>("/v1/products/bulk/async", "update-products-in-bulk", Update);
        v1.PostMany<SourcesMetadataInput, StartedAction>("/v1/products/metadata/async", "update-products-metadata-in-bulk", (input, call) =>
        {
            var sources = input.Checked();
            call.Status = StatusCodes.Status202Accepted;
            return JobIntake.Updates(call, ProductJobs.MetadataUpdate, ProductJobs.Series, Wire.Bytes(sources), new RowsJob { Metadata = input.Metadata });
        });
        v1.PostFile("/v1/products/importCSV", "import-products-using-csv",
            call => JobIntake.File(call, ProductJobs.ImportCsv, ProductJobs.Series, file => _ = new ProductCsv(file)));
        v1.PostFile("/v1/skus/importCSV", "import-SKUs-using-csv",
            call => JobIntake.File(call, ProductJobs.ImportSkus, ProductJobs.Series, file => _ = new SkuCsv(file)));
    }

    static Task<StartedAction> Update(ProductInput[] products, Call call)
    {
        for (var i = 0; i < products.Length; i++)
            if (string.IsNullOrEmpty(products[i]?.SourceId)) throw Checks.Wrong($"[{i}]", "should have required property 'source_id'");
        call.Status = StatusCodes.Status202Accepted;
        return JobIntake.Updates(call, ProductJobs.BulkUpdate, ProductJobs.Series, call.RawBody.ToArray(), new RowsJob());
    }
}
