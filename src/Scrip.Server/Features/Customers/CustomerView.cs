using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Customers;

/// <summary>How a customer looks in answers.</summary>
static class CustomerView
{
    /// <summary>The customer by itself.</summary>
    /// <param name="row">The row.</param>
    /// <param name="summary">What it did; null is nothing.</param>
    /// <param name="links">Writes its links; null where nobody knows how the server is reached.</param>
    public static Customer Show(CustomerRow row, CustomerSummary? summary, PreferenceLinks? links = null)
    {
        var body = row.Content;
        return new Customer
        {
            Id = row.Id,
            SourceId = row.SourceId,
            Name = row.Name,
            Email = row.Email,
            Description = body.Description,
            Phone = body.Phone,
            Birthday = body.Birthday,
            Birthdate = body.Birthdate,
            Address = body.Address,
            Metadata = Checks.Metadata(body.Metadata),
            Summary = summary ?? CustomerSummary.Empty,
            Assets = links?.Assets(row.ProjectId, row.Id),
            CreatedAt = new(row.CreatedAt),
            UpdatedAt = Moment.From(row.UpdatedAt),
        };
    }

    /// <summary>The customer inside a redemption.</summary>
    public static CustomerShort Short(CustomerRow row) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Email = row.Email,
        SourceId = row.SourceId,
        Metadata = Checks.Metadata(row.Content.Metadata),
    };
}
