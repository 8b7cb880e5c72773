using System.Data.Common;
using System.Text;
using System.Text.Json;
using Scrip.Engine;
using Scrip.Server.Features.Activities;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Publications;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Loyalties;

/// <summary>The members of loyalty programs: cards, and whose they are.</summary>
static class MemberApi
{
    /// <summary>How ids of customers begin; whatever else names a customer is its source id.</summary>
    const string CustomerPrefix = "cust_";

    public static void Map(Api v1)
    {
        v1.List("/v1/loyalties/{campaignId}/members", "list-members", List);
        v1.Post<MemberInput, Voucher>("/v1/loyalties/{campaignId}/members", "add-member", Add);
        v1.Get("/v1/loyalties/{campaignId}/members/{memberId}", "get-member-1", Get);
        v1.Get("/v1/loyalties/members/{memberId}", "get-member", Get);
        v1.Get("/v1/loyalties/{campaignId}/members/{memberId}/activity", "list-member-activity-1", Activity);
        v1.Get("/v1/loyalties/members/{memberId}/activity", "list-member-activity", Activity);
    }

    static async Task<ListOf<Voucher>> List(Call call)
    {
        var program = await call.Db.Read(db => Members.Program(db, call));
        return await VoucherList.Read(call, program.Id);
    }

    static async Task<Voucher> Add(MemberInput input, Call call)
    {
        var program = await call.Db.Read(db => Members.Program(db, call));
        var code = Checks.Text(input.Voucher, "voucher");
        var links = await call.Need<AssetSecret>().Links(call);
        var wanted = new PublicationInput
        {
            Campaign = Wire.Element(program.Id),
            Voucher = code is null ? null : Wire.Element(code),
            Customer = Customer(input.Customer),
            SourceId = input.SourceId,
            Metadata = input.Metadata,
            Channel = input.Channel,
        };
        return await PublicationApi.Publish(wanted, call, joinsOnce: false, async (db, given, _) =>
        {
            var id = Wire.Read<PublicationBody>(given.Publication!.Body).VouchersId[0];
            var card = (await PublicationSql.Vouchers(db, call.Db.Dialect, call.ProjectId, [id])).FirstOrDefault() ?? throw new ApiFault(Refusals.Missing("voucher", id));
            return await Show(db, call, card, links);
        }, wish =>
        {
            if (wish.Campaign?.Id != program.Id) throw new ApiFault(Refusals.Missing("voucher", code!));
        });
    }

    // A text, or the object that other requests bring along.
    static CustomerInput? Customer(JsonElement? sent) => sent switch
    {
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => null,
        { ValueKind: JsonValueKind.String } text => Named(Checks.Text(text.GetString(), "customer")),
        { ValueKind: JsonValueKind.Object } customer => BodyReader.Bind<CustomerInput>(Encoding.UTF8.GetBytes(customer.GetRawText())),
        _ => throw Checks.Wrong("customer", "must be string or object"),
    };

    static CustomerInput? Named(string? name) => name is null ? null
        : name.StartsWith(CustomerPrefix, StringComparison.Ordinal) ? new() { Id = name }
        : new() { SourceId = name };

    static async Task<Voucher> Get(Call call)
    {
        var links = await call.Need<AssetSecret>().Links(call);
        return await call.Db.Read(async db => await Show(db, call, await Members.Find(db, call), links));
    }

    /// <summary>A card as this feature answers it.</summary>
    internal static async Task<Voucher> Show(DbConnection db, Call call, VoucherRow card, AssetLinks? links) =>
        await VoucherView.Categorized(db, call, VoucherView.Show(card, card.CampaignName, links));

    // What happened to whoever holds the card, as far as it belongs to the program.
    static Task<ListOf<Activity>> Activity(Call call) => ActivityApi.List(call, isOld: false, async db =>
    {
        var card = await Members.Find(db, call);
        return (card.HolderId, card.CampaignId);
    });
}

/// <summary>Who is to become a member.</summary>
public sealed record MemberInput
{
    /// <summary>The code of a card; without it the next free one.</summary>
    public string? Voucher { get; init; }
    /// <summary>An id or source id, or an object with more.</summary>
    public JsonElement? Customer { get; init; }
    public string? SourceId { get; init; }
    public JsonElement? Metadata { get; init; }
    public string? Channel { get; init; }
}
