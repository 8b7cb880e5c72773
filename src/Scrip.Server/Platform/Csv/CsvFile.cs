namespace Scrip.Server.Platform.Csv;

/// <summary>What the first line of a CSV file tells: its columns and what stands between them. Its rows lie in parts.</summary>
/// <param name="Header">The names of the columns, as they are written.</param>
/// <param name="Delimiter">A comma or a semicolon.</param>
public sealed record CsvFile(string[] Header, string Delimiter);
