using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Scrip.Engine;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Publications;

/// <summary>Reads what a caller wants to be published, from a body or from a query, and finds what it names.</summary>
static class PublicationReading
{
    /// <summary>The most codes that one publication gives.</summary>
    public const long CountMax = 100;

    const int ChannelMax = 100;

    /// <summary>Checks what needs no look-up.</summary>
    public static void Check(PublicationInput input)
    {
        if (input.Customer is not { } customer) throw Checks.Wrong("customer", "is required");
        CustomerFlow.Check(customer, "customer.");
        if (string.IsNullOrEmpty(customer.Id) && string.IsNullOrEmpty(customer.SourceId)) throw Checks.Wrong("customer", "must have id or source_id");
        Checks.Text(input.SourceId, "source_id");
        Checks.Text(input.Channel, "channel", ChannelMax);
        Checks.Metadata(input.Metadata);
        if (Named(input.Voucher, "voucher", "code", "id") is null && Named(input.Campaign, "campaign", "id", "name") is null)
            throw new ApiFault(Refusals.MissingVouchers);
        if (Count(input) > 1 && input.SourceId is not null) throw new ApiFault(Publishing.TooMany);
    }

    /// <summary>The wish of a checked input.</summary>
    public static async Task<Wish> Find(DbConnection db, PublicationInput input, Call call, bool joinsOnce)
    {
        var (voucher, campaign) = (default(VoucherRow), default(CampaignRow));
        if (Named(input.Voucher, "voucher", "code", "id") is { } code)
        {
            voucher = await VoucherSql.Find(db, call.ProjectId, code) ?? throw new ApiFault(Refusals.Missing("voucher", code));
            if (voucher.CampaignId is { } of) campaign = await CampaignSql.Find(db, call.ProjectId, of);
        }
        else
        {
            var named = Named(input.Campaign, "campaign", "id", "name")!;
            campaign = await CampaignSql.Find(db, call.ProjectId, named) ?? throw new ApiFault(Refusals.Missing("campaign", named));
        }
        var customer = await InlineCustomer.Load(db, call.ProjectId, input.Customer, call.Now);
        // An id of ours that nobody has is a mistake; a source id is how new customers are told.
        if (customer.Stored is null && string.IsNullOrEmpty(input.Customer!.SourceId)) throw new ApiFault(Refusals.Missing("customer", input.Customer.Id!));
        var schemas = await MetadataSchemaSql.Load(db, call.ProjectId);
        SchemaCheck.Hold(schemas, SchemaKinds.Publication, input.Metadata, isNew: true);
        customer.Hold(schemas, input.Customer, "customer");
        return new Wish
        {
            Customer = customer,
            Campaign = campaign,
            Voucher = voucher,
            Count = voucher is null ? Count(input) : 1,
            SourceId = string.IsNullOrEmpty(input.SourceId) ? null : input.SourceId,
            Metadata = input.Metadata is { ValueKind: JsonValueKind.Object } metadata ? metadata : null,
            Channel = string.IsNullOrEmpty(input.Channel) ? call.Source : input.Channel,
            JoinsOnce = joinsOnce,
        };
    }

    static long Count(PublicationInput input)
    {
        if (input.Campaign is not { ValueKind: JsonValueKind.Object } campaign || !campaign.TryGetProperty("count", out var count) || count.ValueKind == JsonValueKind.Null) return 1;
        if (count.ValueKind != JsonValueKind.Number || !count.TryGetDecimal(out var number) || number != decimal.Truncate(number) || number < 1)
            throw Checks.Wrong("campaign.count", "must be an integer of at least 1");
        return number <= CountMax ? (long)number : throw new ApiFault(Refusals.TooManyVouchersRequested.With($"Only up to {CountMax} can be published"));
    }

    // A text, or the first of the fields that an object has.
    static string? Named(JsonElement? value, string field, params ReadOnlySpan<string> names)
    {
        if (value is null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined }) return null;
        if (value.Value.ValueKind == JsonValueKind.String) return Checks.Text(value.Value.GetString(), field);
        if (value.Value.ValueKind != JsonValueKind.Object) throw Checks.Wrong(field, "must be string or object");
        foreach (var name in names)
            if (value.Value.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String && found.GetString() is { Length: > 0 } text)
                return Checks.Text(text, $"{field}.{name}");
        return null;
    }

    /// <summary>The same from a query such as <c>campaign[name]=Spring&amp;customer[source_id]=ada</c>.</summary>
    public static PublicationInput Read(Call call)
    {
        var root = new JsonObject();
        foreach (var (key, values) in call.Query)
        {
            if (key == "join_once" || values.Count == 0) continue;
            var parts = Platform.Lists.ListFilter.Parts(key);
            if (parts.Length is 0 or > 6 || parts[0] is not ("campaign" or "voucher" or "customer" or "source_id" or "metadata" or "channel")) continue;
            Set(root, parts, parts is ["campaign", "count"] ? Number(values.ToString()) : JsonValue.Create(values.ToString()));
        }
        if (root["customer"] is not JsonObject) throw new ApiFault(Refusals.InvalidQueryParams.With("Query should have required property 'customer'"));
        return BodyReader.Bind<PublicationInput>(System.Text.Encoding.UTF8.GetBytes(root.ToJsonString(Wire.Options)));
    }

    static JsonValue Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? JsonValue.Create(number)
        : throw new ApiFault(Refusals.InvalidQueryParams.With("Property .campaign.count must be integer"));

    static void Set(JsonObject at, string[] parts, JsonNode value)
    {
        for (var i = 0; i < parts.Length - 1; i++)
        {
            if (at[parts[i]] is not JsonObject inner) at[parts[i]] = inner = [];
            at = inner;
        }
        at[parts[^1]] = value;
    }
}
