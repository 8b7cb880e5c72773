using System.Data.Common;
using Scrip.Engine;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.CustomEvents;

/// <summary>
/// Custom events: a customer did something that the shop has a name for. One the project has a definition of is held
/// against it; of any other name every metadata is taken. The customer is found, changed or made as everywhere.
/// </summary>
static class CustomEventApi
{
    const int NameMax = 300;
    const int AttemptsMax = 3;

    public static void Map(Api v1) => v1.Post<CustomEventInput, CustomEvent>("/v1/events", "track-custom-event", Track);

    public static void MapClient(Api client) => client.Post<CustomEventInput, CustomEvent>("/client/v1/events", "track-custom-event-client-side", Track);

    static async Task<CustomEvent> Track(CustomEventInput input, Call call)
    {
        var name = Checks.Text(input.Event, "event", NameMax) ?? throw Checks.Wrong("", "should have required property 'event'");
        var customer = input.Customer ?? throw Checks.Wrong("", "should have required property 'customer'");
        CustomerFlow.Check(customer, "customer.");
        if (input.Referral is { } referral && string.IsNullOrEmpty(referral.Code)) throw Checks.Wrong("referral", "should have required property 'code'");
        if (input.Loyalty is { } loyalty && string.IsNullOrEmpty(loyalty.Code)) throw Checks.Wrong("loyalty", "should have required property 'code'");
        Checks.Text(input.Referral?.Code, "referral.code");
        Checks.Text(input.Referral?.ReferrerId, "referral.referrer_id");
        Checks.Text(input.Loyalty?.Code, "loyalty.code");
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            try
            {
                if (await call.Commit(db => Write(db, input, name, customer, call)) is { } done) return done;
            }
            catch (Exception fault) when (fault is LostRace || call.Db.IsDuplicate(fault))
            {
                // Another writer made or changed the customer meanwhile; nothing of this attempt was written.
            }
        }
        throw new ApiFault(Refusals.ConcurrentUpdate);
    }

    static async Task<CustomEvent> Write(DbConnection db, CustomEventInput input, string name, CustomerInput sent, Call call)
    {
        var schema = await CustomEventSchemaSql.Named(db, call.ProjectId, name);
        var metadata = Checks.Metadata(input.Metadata);
        schema?.Check(metadata);
        await NeedCodes(db, input, call);
        var stored = await CustomerSql.Find(db, call.ProjectId, sent);
        // An event belongs to somebody who can be found again.
        if (stored is null && string.IsNullOrEmpty(sent.SourceId))
            throw string.IsNullOrEmpty(sent.Id) ? Checks.Wrong("customer", "should have required property 'id' or 'source_id'") : new ApiFault(Refusals.Missing("customer", sent.Id));
        var inline = InlineCustomer.Of(stored, sent, call.ProjectId, call.Now);
        if (inline.Write is { } row)
        {
            inline.Hold(await MetadataSchemaSql.Load(db, call.ProjectId), sent, "customer");
            if (!await CustomerSql.Write(db, row)) throw new LostRace();
            var summary = row.IsNew ? null : (await CustomerSummarySql.Of(db, call.Db.Dialect, call.ProjectId, [row.Id])).GetValueOrDefault(row.Id);
            await Happening.Tell(db, call, row.IsNew ? EventTypes.CustomerCreated : EventTypes.CustomerUpdated, row.Id, new CustomerTold(CustomerView.Show(row, summary)));
        }
        var customer = CustomerView.Short(inline.Row!);
        await Happening.Tell(db, call, EventTypes.CustomEvent, customer.Id, new CustomEventTold
        {
            Event = new()
            {
                Id = Ids.New("evcus_", call.Now),
                Type = name,
                Customer = customer,
                Referral = input.Referral,
                Loyalty = input.Loyalty,
                Metadata = metadata,
                CreatedAt = new(call.Now),
            },
            EventSchema = new(schema?.Id, name),
            Customer = customer,
            Referral = input.Referral,
            Loyalty = input.Loyalty,
        });
        return new CustomEvent { Type = name, Customer = customer, Referral = input.Referral, Loyalty = input.Loyalty, Metadata = metadata };
    }

    static async Task NeedCodes(DbConnection db, CustomEventInput input, Call call)
    {
        foreach (var code in new[] { input.Referral?.Code, input.Loyalty?.Code }.OfType<string>())
            if (await VoucherSql.Find(db, call.ProjectId, code) is null) throw new ApiFault(Refusals.Missing("voucher", code));
        if (input.Referral?.ReferrerId is { Length: > 0 } referrer && await CustomerSql.Find(db, call.ProjectId, referrer) is null)
            throw new ApiFault(Refusals.Missing("customer", referrer));
    }

    /// <summary>Rolls an attempt back.</summary>
    sealed class LostRace : Exception;
}
