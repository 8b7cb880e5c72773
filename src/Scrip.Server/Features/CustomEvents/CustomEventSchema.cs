using System.Globalization;
using System.Text.Json;
using Scrip.Engine;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.CustomEvents;

/// <summary>Which metadata events of a name have, as the API answers it.</summary>
public sealed record CustomEventSchema
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required EventSchemaBody Schema { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
    public string Object => "custom-event-schema";
}

/// <summary>What a caller says of a definition; an update changes the properties that it names.</summary>
public sealed record CustomEventSchemaInput
{
    public string? Name { get; init; }
    public EventSchemaBody? Schema { get; init; }
}

/// <summary>The properties by name; also the <c>body</c> column.</summary>
public sealed record EventSchemaBody
{
    public Dictionary<string, EventProperty>? Properties { get; init; }
}

/// <summary>One property of the metadata.</summary>
public sealed record EventProperty
{
    public string? Type { get; init; }
    public bool? Optional { get; init; }
    /// <summary>Removed: it is neither asked for nor taken any more.</summary>
    public bool? Deleted { get; init; }
}

/// <summary>A row of <c>custom_event_schemas</c>.</summary>
public sealed class CustomEventSchemaRow
{
    const int PropertiesMax = 200;

    static readonly string[] Types = ["string", "number", "date", "datetime", "boolean"];

    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }
    public string Body { get; init; } = "{}";

    /// <summary>As the API shows it.</summary>
    public CustomEventSchema Show() => new()
    {
        Id = Id,
        Name = Name,
        Schema = Wire.Read<EventSchemaBody>(Body),
        CreatedAt = new(CreatedAt),
        UpdatedAt = Moment.From(UpdatedAt),
    };

    /// <summary>The properties with those that were sent.</summary>
    /// <exception cref="ApiFault">One of them is malformed.</exception>
    public static EventSchemaBody Merge(EventSchemaBody known, EventSchemaBody? sent)
    {
        var merged = new Dictionary<string, EventProperty>(known.Properties ?? []);
        foreach (var (name, property) in sent?.Properties ?? [])
        {
            var at = $"schema.properties.{name}";
            if (name.Length is 0 or > 100) throw Checks.Wrong(at, "must be named with 1 to 100 characters");
            if (property is null) throw Checks.Wrong(at, "must be object");
            merged[name] = new EventProperty
            {
                Type = Checks.OneOf(property.Type, at + ".type", Types) ?? throw Checks.Wrong(at, "should have required property 'type'"),
                Optional = property.Optional ?? throw Checks.Wrong(at, "should have required property 'optional'"),
                Deleted = property.Deleted,
            };
        }
        if (merged.Count > PropertiesMax) throw Checks.Wrong("schema.properties", $"must NOT have more than {PropertiesMax} properties");
        return new EventSchemaBody { Properties = merged };
    }

    /// <summary>Holds the metadata of an event against the definition.</summary>
    /// <exception cref="ApiFault">Something is missing, of another type or unknown.</exception>
    public void Check(JsonElement metadata)
    {
        var properties = (Wire.Read<EventSchemaBody>(Body).Properties ?? []).Where(one => one.Value.Deleted != true).ToDictionary();
        foreach (var sent in metadata.EnumerateObject())
            if (!properties.ContainsKey(sent.Name)) throw Wrong(sent.Name, $"is no property of the event {Name}");
        foreach (var (name, property) in properties)
        {
            var has = metadata.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;
            if (!has && property.Optional != true) throw Wrong(name, "is required");
            if (has && !Fits(property.Type!, value)) throw Wrong(name, $"must be {property.Type}");
        }
    }

    static ApiFault Wrong(string name, string what) => new(Refusals.InvalidPayload.With($"Property .metadata.{name} {what}"));

    static bool Fits(string type, JsonElement value) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "date" => value.ValueKind == JsonValueKind.String && DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        _ => value.ValueKind == JsonValueKind.String && value.GetString()!.Contains('T', StringComparison.Ordinal) && Moment.TryParse(value.GetString()!, out _),
    };
}
