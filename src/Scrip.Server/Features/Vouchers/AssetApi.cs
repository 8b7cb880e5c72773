using System.Text;
using Dapper;
using QRCoder;
using Scrip.Engine;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Vouchers;

/// <summary>Serves the images of codes without a key: their ids cannot be guessed. SVG, or PNG of a QR code on demand.</summary>
static class AssetApi
{
    const int PixelsPerModule = 10;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/assets/qr/{id}", (RequestDelegate)(http => Serve(http, Qr)));
        routes.MapGet("/assets/barcode/{id}", (RequestDelegate)(http => Serve(http, Barcode)));
    }

    static async Task Serve(HttpContext http, Func<string, string, (string Type, byte[] Image)> draw)
    {
        var id = (string)http.Request.RouteValues["id"]!;
        var secret = await http.RequestServices.GetRequiredService<AssetSecret>().Read();
        var named = AssetLinks.Read(secret, id) ?? throw new ApiFault(Refusals.Missing("asset", id));
        var code = await http.RequestServices.GetRequiredService<Database>().Read(db => db.QueryFirstOrDefaultAsync<string>(
            "SELECT code FROM vouchers WHERE project_id = @Project AND id = @Voucher AND deleted_at IS NULL", new { named.Project, named.Voucher }))
            ?? throw new ApiFault(Refusals.Missing("asset", id));
        var (type, image) = draw(code, http.Request.Query["format"].ToString());
        http.Response.ContentType = type;
        http.Response.ContentLength = image.Length;
        http.Response.Headers.CacheControl = "public, max-age=3600";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        await http.Response.Body.WriteAsync(image);
    }

    static (string, byte[]) Qr(string code, string format)
    {
        using var data = QRCodeGenerator.GenerateQrCode(code, QRCodeGenerator.ECCLevel.M, forceUtf8: true);
        if (Format(format, "svg", "png") == "png")
        {
            using var png = new PngByteQRCode(data);
            return ("image/png", png.GetGraphic(PixelsPerModule));
        }
        using var svg = new SvgQRCode(data);
        return ("image/svg+xml", Encoding.UTF8.GetBytes(svg.GetGraphic(PixelsPerModule)));
    }

    static (string, byte[]) Barcode(string code, string format)
    {
        Format(format, "svg");
        var svg = Code128.Svg(code) ?? throw new ApiFault(Refusals.NotFound.With("The code has characters that a Code 128 barcode cannot hold"));
        return ("image/svg+xml", Encoding.UTF8.GetBytes(svg));
    }

    static string Format(string wanted, params ReadOnlySpan<string> served)
    {
        if (wanted.Length == 0) return served[0];
        foreach (var format in served)
            if (format == wanted) return format;
        throw new ApiFault(Refusals.InvalidQueryParams.With($"Property .format must be one of: {string.Join(", ", served.ToArray())}"));
    }
}
