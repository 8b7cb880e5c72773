using System.Data.Common;
using Scrip.Engine.Schemas;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.MetadataSchemas;

namespace Scrip.Server.Features.Customers;

/// <summary>
/// A customer that another request brings along: found by id or <c>source_id</c>, and to be written when the
/// request makes it up or changes it. Validations decide with <see cref="Row"/> and write nothing.
/// </summary>
/// <param name="Stored">The customer as it was found; null when it is new or none was sent.</param>
/// <param name="Write">The row to insert or update; null when nothing changes.</param>
public sealed record InlineCustomer(CustomerRow? Stored, CustomerRow? Write)
{
    /// <summary>The customer as it will be.</summary>
    public CustomerRow? Row => Write ?? Stored;

    /// <summary>What is told of it; null when it is not written.</summary>
    public CustomerHappened? Happened => Write is { } row ? new(row.Id, row.IsNew) : null;

    /// <summary>Its id; null when no customer was sent.</summary>
    public string? Id => Row?.Id;

    /// <summary>Joins what was found with what was sent.</summary>
    public static InlineCustomer Of(CustomerRow? stored, CustomerInput? sent, string project, long now) => sent is null
        ? new(null, null)
        : new(stored, CustomerFlow.Upsert(project, stored, sent, now));

    /// <summary>Refuses metadata that the customer could not be written with.</summary>
    /// <param name="schemas">The project's metadata schemas.</param>
    /// <param name="sent">What was sent.</param>
    /// <param name="at">Where it lies in the request, such as <c>customer</c>.</param>
    public void Hold(SchemaSet schemas, CustomerInput? sent, string at)
    {
        if (Write is { } write) SchemaCheck.Hold(schemas, SchemaKinds.Customer, sent?.Metadata, write.IsNew, $"{at}.metadata");
    }

    /// <summary>Finds and joins.</summary>
    public static async Task<InlineCustomer> Load(DbConnection db, string project, CustomerInput? sent, long now)
    {
        if (sent is null) return Of(null, null, project, now);
        CustomerFlow.Check(sent, "customer.");
        return Of(await CustomerSql.Find(db, project, sent), sent, project, now);
    }
}
