using Scrip.Server.Platform.Csv;

namespace Scrip.Server.Features.Customers;

/// <summary>Reads rows of a CSV file as customers. An empty field clears what the column stands for.</summary>
sealed class CustomerCsv
{
    // The names of the API's reference and of the import template.
    static readonly CsvColumns Columns = new(
        ["source_id", "Customer Source ID"], ["id", "Customer ID"], ["name"], ["email"], ["phone"], ["description"], ["birthdate"], ["birthday"],
        ["line_1", "Address_line_1"], ["line_2", "Address_line_2"], ["city", "Address_City"], ["state", "Address_State"],
        ["country", "Address_Country"], ["postal_code", "Address_Postal_Code"]);

    static readonly string[] Address = ["line_1", "line_2", "city", "state", "country", "postal_code"];

    readonly CsvBinding binding;
    readonly CsvMetadata metadata;

    /// <exception cref="Scrip.Server.Platform.ApiFault">The file has neither ids nor source ids.</exception>
    /// <summary>What becomes of the texts of metadata.</summary>
    public Func<System.Text.Json.JsonElement, System.Text.Json.JsonElement>? Typed { init => metadata.Typed = value; }

    public CustomerCsv(CsvFile file)
    {
        binding = Columns.Bind(file, "source_id", "id");
        metadata = new CsvMetadata(binding);
    }

    /// <summary>True when the file says something about a field of customers.</summary>
    public bool Has(string field) => field == "address" ? Array.Exists(Address, binding.Has) : binding.Has(field);

    /// <summary>What a row calls its customer.</summary>
    public string NameOf(CsvRow row) => row.Fields.Length == binding.Count ? binding.Of(row, "source_id") ?? binding.Of(row, "id") ?? "" : "";

    /// <summary>The customer of a row.</summary>
    public CustomerInput Read(CsvRow row)
    {
        row = binding.Checked(row);
        if (NameOf(row).Length == 0) throw CsvValue.Wrong("source_id is required");
        var address = new CustomerAddress
        {
            Line1 = binding.Of(row, "line_1"),
            Line2 = binding.Of(row, "line_2"),
            City = binding.Of(row, "city"),
            State = binding.Of(row, "state"),
            Country = binding.Of(row, "country"),
            PostalCode = binding.Of(row, "postal_code"),
        };
        return new CustomerInput
        {
            Id = binding.Of(row, "id"),
            SourceId = binding.Of(row, "source_id"),
            Name = binding.Of(row, "name"),
            Email = binding.Of(row, "email"),
            Phone = binding.Of(row, "phone"),
            Description = binding.Of(row, "description"),
            Birthdate = binding.Of(row, "birthdate"),
            Birthday = binding.Of(row, "birthday"),
            Address = address == new CustomerAddress() ? null : address,
            Metadata = metadata.Read(row),
        };
    }
}
