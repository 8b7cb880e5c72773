using Scrip.Server.Features.Customers;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Publications;

/// <summary>Writes a row of <c>publications</c> as the API shows it.</summary>
static class PublicationView
{
    /// <summary>The publication as lists tell it.</summary>
    /// <param name="row">The row.</param>
    /// <param name="customer">Its customer; null when that is deleted.</param>
    /// <param name="links">Writes the customer's links; null leaves them out.</param>
    public static Publication Show(PublicationRow row, CustomerRow? customer, PreferenceLinks? links = null)
    {
        var body = Wire.Read<PublicationBody>(row.Body);
        return new Publication
        {
            Id = row.Id,
            CreatedAt = new(row.CreatedAt),
            CustomerId = row.CustomerId,
            TrackingId = customer?.SourceId,
            Metadata = Checks.Metadata(body.Metadata),
            Channel = row.Channel,
            SourceId = row.SourceId,
            Result = row.Result,
            FailureCode = row.FailureCode,
            FailureMessage = body.FailureMessage,
            Customer = customer is null ? new PublishedCustomer { Id = row.CustomerId } : PublishedCustomer.Of(customer, links),
            Voucher = body.Voucher is { } voucher ? Wire.Element(voucher) : null,
            Vouchers = body.Voucher is null ? body.Codes : null,
            VouchersId = body.VouchersId,
        };
    }
}
