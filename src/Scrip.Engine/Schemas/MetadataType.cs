namespace Scrip.Engine.Schemas;

/// <summary>What a key of metadata may hold.</summary>
public enum MetadataType
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A day, or an instant whose day is meant.</summary>
    Date,

    /// <summary>An instant.</summary>
    Instant,

    /// <summary>The address of an image.</summary>
    ImageUrl,

    /// <summary>A place as a text: latitude and longitude in degrees with a comma between.</summary>
    Geopoint,

    /// <summary>An object, which another schema may describe.</summary>
    Nested,
}
