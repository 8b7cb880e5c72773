using System.Data.Common;
using Dapper;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;

namespace Scrip.Server.Features.Exports;

/// <summary>
/// Writes the file of an export, a part at a time. A part and the place of the next are one transaction, so a file
/// has each row once however often the work was cut off.
/// </summary>
static class ExportJobs
{
    /// <summary>No async action of the API: the export itself tells how far it has come.</summary>
    public const string Type = "EXPORT";

    // A part is held in memory while it is made and while it is downloaded.
    const int PartRows = 2000;

    /// <summary>The steps by type.</summary>
    public static IEnumerable<KeyValuePair<string, JobStep>> Steps(Dialect dialect) => [new(Type, (db, job, _) => Write(dialect, db, job))];

    /// <summary>What is left to write when a job is given up.</summary>
    public static IEnumerable<KeyValuePair<string, Func<DbConnection, Job, long, Task>>> WhenGivenUp =>
        [new(Type, (db, job, _) => ExportSql.Move(db, job.ProjectId, Wire.Read<ExportJob>(job.Parameters).ExportId, ExportRow.Error, 0, 0))];

    static async Task<Chunk> Write(Dialect dialect, DbConnection db, Job job)
    {
        var id = Wire.Read<ExportJob>(job.Parameters).ExportId;
        // Deleting an export waits for the part, and then finds it.
        if (await ExportSql.Find(db, job.ProjectId, id, dialect.ForUpdate) is not { } export) return Chunk.Last(0, "{}");
        var body = Wire.Read<ExportBody>(export.Body);
        var query = new ExportQuery(ExportTable.All[export.ExportedObject], body.Parameters, dialect, job.ProjectId, export.CreatedAt);
        var place = job.Place is { } text ? Wire.Read<ExportPlace>(text) : null;
        var rows = await query.Read(db, place, PartRows);
        var lines = new CsvLines();
        if (place is null) lines.Add(query.Names.Select(name => Cell.Text(CsvLines.Title(name))));
        await Add(dialect, lines, query, rows, new(job.ProjectId, new(await AssetSecret.Read(db), body.Origin), null), db);
        var bytes = lines.Bytes;
        var part = place?.Part ?? 0;
        if (bytes.Length > 0) await ExportSql.Add(db, job.ProjectId, id, part, bytes);
        var isLast = rows.Count < PartRows;
        await ExportSql.Move(db, job.ProjectId, id, isLast ? ExportRow.Done : ExportRow.InProgress, rows.Count, bytes.Length);
        if (isLast) return Chunk.Last(rows.Count, "{}");
        var last = rows[^1];
        return Chunk.More(rows.Count, Wire.Text(new ExportPlace { Part = part + 1, Id = last.Id, Text = last.Text, Number = last.Number }));
    }

    static async Task Add(Dialect dialect, CsvLines lines, ExportQuery query, List<ExportedRow> rows, ExportContext context, DbConnection db)
    {
        var summaries = Array.Exists(query.Fields, field => field.NeedsSummary) ? await CustomerSummarySql.Of(db, dialect, context.Project, rows.ConvertAll(row => row.Id)) : [];
        foreach (var row in rows)
        {
            var own = context with { Summary = summaries.GetValueOrDefault(row.Id) ?? CustomerSummary.Empty };
            var at = 0;
            lines.Add([.. query.Fields.Select(field =>
            {
                var values = row.Values[at..(at + field.Sql.Length)];
                at += field.Sql.Length;
                return field.Cell(values, own);
            })]);
        }
    }
}
