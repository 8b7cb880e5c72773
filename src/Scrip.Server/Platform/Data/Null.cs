namespace Scrip.Server.Platform.Data;

/// <summary>
/// A null that says its type. PostgreSQL's driver prepares a statement for one set of types and parses it anew
/// whenever they differ, so the arguments of hot statements are typed even where they are null.
/// </summary>
public enum Null
{
    /// <summary>Of a text column.</summary>
    Text,

    /// <summary>Of a whole number.</summary>
    Number,

    /// <summary>Of a JSON column.</summary>
    Json,
}

/// <summary>Arguments that may be null.</summary>
static class Typed
{
    /// <summary>A text, or a null of that type.</summary>
    public static object Of(string? value) => value is null ? Null.Text : value;

    /// <summary>A whole number, or a null of that type.</summary>
    public static object Of(long? value) => value is null ? Null.Number : value.Value;

    /// <summary>JSON, or a null of that type.</summary>
    public static object Of(Json? value) => value is null ? Null.Json : value.Value;
}
