using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Scrip.Engine;

namespace Scrip.Server.Platform.Http;

/// <summary>
/// Reads a multipart body with one file in the field <c>file</c> and a few short fields. The file is handed on as a
/// stream while it arrives and is never held whole.
/// </summary>
static class Upload
{
    /// <summary>The largest upload, in bytes.</summary>
    public const long BytesMax = 512L * 1024 * 1024;

    const int FieldsMax = 20;
    const int FieldBytesMax = 1024;

    /// <summary>Hands the file to <paramref name="file"/>; answers the other fields and a hash over everything.</summary>
    /// <exception cref="ApiFault">The body is not multipart, too large, or has no field <c>file</c>.</exception>
    public static async Task<(Dictionary<string, string> Fields, byte[] Hash)> Read(HttpRequest request, Func<Stream, Task> file)
    {
        if (request.ContentLength > BytesMax) throw new ApiFault(Refusals.QueryTooLarge.With($"An upload may have {BytesMax} bytes at most"));
        BodyReader.Allow(request, BytesMax);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var hasFile = false;
        try
        {
            var reader = new MultipartReader(Boundary(request), request.Body);
            for (var count = 0; await reader.ReadNextSectionAsync(request.HttpContext.RequestAborted) is { } section; count++)
            {
                if (count > FieldsMax) throw Wrong($"A form may have {FieldsMax} fields at most");
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)) throw Wrong("A part of the form has no name");
                var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
                if (name == "file")
                {
                    if (hasFile) throw Wrong("Payload should have property 'file' once");
                    hasFile = true;
                    await file(new HashingStream(section.Body, hash));
                }
                else fields[name] = await Text(section.Body, hash);
            }
        }
        catch (Exception fault) when (fault is InvalidDataException || (fault is IOException and not BadHttpRequestException && !request.HttpContext.RequestAborted.IsCancellationRequested))
        {
            throw Wrong("The form is broken: " + fault.Message);
        }
        if (!hasFile) throw NoFile();
        return (fields, hash.GetHashAndReset());
    }

    static string Boundary(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)) throw NoFile();
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        return boundary.Length is > 0 and <= 200 ? boundary : throw Wrong("The Content-Type multipart/form-data needs a boundary");
    }

    static async Task<string> Text(Stream body, IncrementalHash hash)
    {
        var buffer = new byte[FieldBytesMax + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false);
        if (length > FieldBytesMax) throw Wrong($"A field of the form may have {FieldBytesMax} bytes at most");
        hash.AppendData(buffer, 0, length);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    static ApiFault NoFile() => Wrong("Payload should have required property 'file': send the file in the field 'file' of a multipart/form-data body");

    static ApiFault Wrong(string details) => new(Refusals.InvalidPayload.With(details));

    /// <summary>Reads through, and adds what it read to a hash.</summary>
    sealed class HashingStream(Stream inner, IncrementalHash hash) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            hash.AppendData(buffer.Span[..read]);
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
