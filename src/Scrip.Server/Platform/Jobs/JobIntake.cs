using System.Buffers;
using System.Data.Common;
using System.Text.Json;
using Scrip.Engine;
using Scrip.Server.Platform.Csv;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Platform.Jobs;

/// <summary>
/// Takes rows in with a request and enqueues the job that works through them. A file is stored part by part while it
/// arrives; the job is there only once all of it was, and what a broken upload leaves is deleted.
/// </summary>
static class JobIntake
{
    /// <summary>The most items of a JSON list.</summary>
    public const int ItemsMax = 100_000;

    /// <summary>Rows of one part, which is one chunk of the job.</summary>
    /// <param name="call">The request.</param>
    /// <param name="isPlain">True when rows are only added; false when each may need statements of its own.</param>
    static int RowsOfPart(Call call, bool isPlain) => isPlain ? call.Db.ChunkRows : Math.Max(1, call.Db.ChunkRows / 5);

    /// <summary>Takes a CSV file in.</summary>
    /// <param name="call">The request.</param>
    /// <param name="type">The job's type.</param>
    /// <param name="series">Jobs of the same series run one after the other.</param>
    /// <param name="check">Refuses a file whose columns cannot be right, before any of it is stored.</param>
    /// <param name="isPlain">See <see cref="RowsOfPart"/>.</param>
    /// <param name="fill">Looks the campaign up, inside the write that enqueues.</param>
    public static async Task<StartedAction> File(Call call, string type, string series, Action<CsvFile> check, bool isPlain = false,
        Func<DbConnection, RowsJob, Task<RowsJob>>? fill = null)
    {
        var id = JobQueue.NewId(call.Now);
        var (file, parts, rows) = (default(CsvFile), 0L, 0L);
        try
        {
            var fields = await call.ReadUpload(async stream =>
            {
                var splitter = new CsvSplitter(stream, RowsOfPart(call, isPlain));
                file = await splitter.ReadHeader();
                check(file);
                for (; await splitter.ReadPart(parts) is { } part; parts++)
                    await call.Db.Write(db => JobFile.Add(db, call.ProjectId, id, JobFile.Upload, part, call.Now));
                rows = splitter.Rows;
            });
            var work = new RowsJob { RequestId = call.RequestId, File = file, Parts = parts, WebhooksEnable = Flag(fields, "webhooks_enable"), Origin = call.Origin };
            var started = await call.Commit(async db =>
            {
                if (fill is not null) work = await fill(db, work);
                return new StartedAction(await JobQueue.Enqueue(db, call.ProjectId, type, Wire.Text(work), rows, call.Now, id, series));
            });
            call.Need<JobQueue>().Wake();
            return started;
        }
        catch when (parts > 0)
        {
            await call.Db.Write(db => JobFile.Drop(db, call.ProjectId, id, JobFile.Upload));
            throw;
        }
    }

    /// <summary>Takes the items of a JSON list in, which the caller has checked.</summary>
    /// <param name="call">The request.</param>
    /// <param name="type">The job's type.</param>
    /// <param name="series">Jobs of the same series run one after the other.</param>
    /// <param name="list">The JSON of the list.</param>
    /// <param name="work">Further parameters.</param>
    /// <param name="isPlain">See <see cref="RowsOfPart"/>.</param>
    /// <param name="fill">Checks inside the write that enqueues.</param>
    public static async Task<StartedAction> Items(Call call, string type, string series, ReadOnlyMemory<byte> list, RowsJob work, bool isPlain = false,
        Func<DbConnection, RowsJob, Task<RowsJob>>? fill = null)
    {
        var parts = Split(list.Span, RowsOfPart(call, isPlain));
        work = work with { RequestId = call.RequestId, Parts = parts.Count };
        var started = await call.Commit(async db =>
        {
            if (fill is not null) work = await fill(db, work);
            var id = JobQueue.NewId(call.Now);
            foreach (var part in parts) await JobFile.Add(db, call.ProjectId, id, JobFile.Upload, part, call.Now);
            return new StartedAction(await JobQueue.Enqueue(db, call.ProjectId, type, Wire.Text(work), parts.Sum(part => part.RowCount), call.Now, id, series));
        });
        call.Need<JobQueue>().Wake();
        return started;
    }

    /// <summary>Like <see cref="Items"/> for a bulk update, which reports on each object.</summary>
    public static Task<StartedAction> Updates(Call call, string type, string series, ReadOnlyMemory<byte> list, RowsJob work) =>
        Items(call, type, series, list, work with { Report = JobReport.NewLink(call) });

    // Lists of so many items each, cut out of the text as they stand.
    static List<JobPart> Split(ReadOnlySpan<byte> list, int rowsMax)
    {
        var (parts, content, count, first) = (new List<JobPart>(), new ArrayBufferWriter<byte>(), 0, 1L);
        var reader = new Utf8JsonReader(list);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            content.Write(count == 0 ? "["u8 : ","u8);
            content.Write(list[start..(int)reader.BytesConsumed]);
            if (++count == rowsMax) Close(parts);
        }
        if (count > 0) Close(parts);
        return parts.Count > 0 ? parts : throw new ApiFault(Refusals.InvalidPayload.With("The list must NOT have fewer than 1 items"));

        void Close(List<JobPart> to)
        {
            content.Write("]"u8);
            if (first + count - 1 > ItemsMax) throw new ApiFault(Refusals.InvalidPayload.With($"The list must NOT have more than {ItemsMax} items"));
            to.Add(new JobPart { Part = to.Count, FirstRow = first, RowCount = count, Content = content.WrittenSpan.ToArray() });
            (first, count) = (first + count, 0);
            content.ResetWrittenCount();
        }
    }

    static bool Flag(IReadOnlyDictionary<string, string> fields, string name) => fields.GetValueOrDefault(name) switch
    {
        null or "" or "false" or "False" or "0" => false,
        "true" or "True" or "1" => true,
        _ => throw Checks.Wrong(name, "must be boolean"),
    };
}
