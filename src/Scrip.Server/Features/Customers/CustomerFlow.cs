using System.Globalization;
using System.Text.Json;
using Scrip.Engine.Facts;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Customers;

/// <summary>What becomes of a customer when data about it arrives. Nothing here reads or writes.</summary>
static class CustomerFlow
{
    const int DescriptionMax = 2000;

    /// <summary>
    /// Refuses what cannot be stored. An e-mail address or a phone number has no form beyond its length: shops
    /// send what their own forms let pass, and a redemption must not fail for it.
    /// </summary>
    /// <param name="input">What was sent.</param>
    /// <param name="at">Where it lies in the request, such as <c>customer.</c></param>
    public static void Check(CustomerInput input, string at = "")
    {
        Checks.Text(input.Id, at + "id");
        Checks.Text(input.SourceId, at + "source_id");
        Checks.Text(input.Name, at + "name");
        Checks.Text(input.Description, at + "description", DescriptionMax);
        Checks.Text(input.Email, at + "email");
        Checks.Text(input.Phone, at + "phone");
        Day(input.Birthday, at + "birthday");
        Day(input.Birthdate, at + "birthdate");
        Checks.Metadata(input.Metadata, at + "metadata");
        if (input.Address is not { } address) return;
        Checks.Text(address.City, at + "address.city");
        Checks.Text(address.State, at + "address.state");
        Checks.Text(address.Line1, at + "address.line_1");
        Checks.Text(address.Line2, at + "address.line_2");
        Checks.Text(address.Country, at + "address.country");
        Checks.Text(address.PostalCode, at + "address.postal_code");
    }

    /// <summary>
    /// The row to write, or null when nothing changes. What was sent replaces what is stored, metadata key by key
    /// and the address as a whole; the id and the source id of a stored customer never change.
    /// </summary>
    /// <param name="project">The caller's project.</param>
    /// <param name="known">The customer that <see cref="CustomerSql.Find(System.Data.Common.DbConnection, string, CustomerInput)"/> found.</param>
    /// <param name="input">What was sent, checked.</param>
    /// <param name="now">The instant of the request.</param>
    /// <param name="sent">
    /// Tells which fields the body has, be they null, so that null clears. Without it the customer came inside
    /// another object: only values count, and an empty object is nobody.
    /// </param>
    /// <param name="always">True when the row is to be written even if it looks the same.</param>
    public static CustomerRow? Upsert(string project, CustomerRow? known, CustomerInput input, long now, Func<string, bool>? sent = null, bool always = false)
    {
        if (known is null && sent is null && IsNobody(input)) return null;
        var old = known is null ? new CustomerBody() : known.Content;
        var body = Merge(old, input, Given);
        var name = Given("name", input.Name) ? Text(input.Name) : known?.Name;
        var email = Given("email", input.Email) ? Text(input.Email) : known?.Email;
        if (!always && known is not null && name == known.Name && email == known.Email && AreSame(old, body)) return null;
        return new CustomerRow
        {
            ProjectId = project,
            Id = known?.Id ?? Text(input.Id) ?? Ids.New("cust_", now),
            SourceId = known is null ? Text(input.SourceId) : known.SourceId,
            Name = name,
            Email = email,
            CreatedAt = known?.CreatedAt ?? now,
            UpdatedAt = known is null ? null : Math.Max(now, (known.UpdatedAt ?? 0) + 1),
            Body = Wire.Text(body),
            IsNew = known is null,
            ReplacesUpdatedAt = known?.UpdatedAt,
        };

        bool Given(string field, object? value) => value is not null || sent?.Invoke(field) == true;
    }

    /// <summary>The customer with nothing but its ids.</summary>
    public static CustomerRow Blank(CustomerRow row) =>
        new() { ProjectId = row.ProjectId, Id = row.Id, SourceId = row.SourceId, CreatedAt = row.CreatedAt, UpdatedAt = row.UpdatedAt };

    static bool IsNobody(CustomerInput input) => input == new CustomerInput();

    static CustomerBody Merge(CustomerBody old, CustomerInput input, Func<string, object?, bool> given) => new()
    {
        Description = given("description", input.Description) ? Text(input.Description) : old.Description,
        Phone = given("phone", input.Phone) ? Text(input.Phone) : old.Phone,
        Birthday = given("birthday", input.Birthday) ? Day(input.Birthday, "birthday") : old.Birthday,
        Birthdate = given("birthdate", input.Birthdate) ? Day(input.Birthdate, "birthdate") : old.Birthdate,
        Address = given("address", input.Address) ? input.Address : old.Address,
        Metadata = Merging.Metadata(old.Metadata, input.Metadata),
    };

    static bool AreSame(CustomerBody one, CustomerBody other) =>
        one with { Metadata = null } == other with { Metadata = null }
        && JsonElement.DeepEquals(Checks.Metadata(one.Metadata), Checks.Metadata(other.Metadata));

    static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;

    // Clients whose type for a day is an instant send 2000-01-31T00:00:00Z; its day is meant.
    static string? Day(string? value, string field)
    {
        if (string.IsNullOrEmpty(value)) return null;
        var isDay = value.Length == 10 || (value.Length > 10 && value[10] == 'T' && Moment.TryParse(value, out _));
        if (isDay && DateOnly.TryParseExact(value.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            return value[..10];
        throw Checks.Wrong(field, "must be a date such as 2000-01-31");
    }

    /// <summary>What rules and formulas may know of the customer.</summary>
    public static CustomerFacts Facts(CustomerRow row)
    {
        var body = row.Content;
        var day = NodaTime.Text.LocalDatePattern.Iso.Parse((body.Birthdate ?? body.Birthday ?? "").Split('T')[0]);
        return new CustomerFacts
        {
            Id = row.Id,
            SourceId = row.SourceId,
            Birthdate = day.Success ? day.Value : null,
            Metadata = body.Metadata is { } metadata ? new(metadata) : Metadata.None,
        };
    }
}
