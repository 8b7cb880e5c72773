using System.Buffers;
using System.Text.Json;
using Scrip.Server.Features.Validations;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Redemptions;

/// <summary>
/// The older redemption of one voucher: a stack of one, answered by its only redemption. Where a stack answers null,
/// this endpoint leaves the field out; what callers keep in metadata stays as it is.
/// </summary>
static class VoucherRedemption
{
    public static Task<JsonElement> Redeem(VoucherRequest request, Call call) =>
        RedemptionApi.Redeem(request.AsStack(call), call, answer => WithoutNulls(Wire.Element(answer.Redemptions[0])));

    static JsonElement WithoutNulls(JsonElement redemption)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer, redemption);
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var field in value.EnumerateObject())
                {
                    if (field.Value.ValueKind == JsonValueKind.Null) continue;
                    writer.WritePropertyName(field.Name);
                    if (field.Name == "metadata") field.Value.WriteTo(writer);
                    else Write(writer, field.Value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
