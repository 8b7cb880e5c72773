using System.Data.Common;
using Scrip.Engine;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Publications;

/// <summary>Publications: codes given to customers, who hold them from then on.</summary>
static class PublicationApi
{
    const int AttemptsMax = 5;

    public static void Map(Api v1, Api client)
    {
        v1.Post<PublicationInput, Publication>("/v1/publications", "create-publication", Create);
        v1.Get("/v1/publications/create", "create-publication-1", call => Create(PublicationReading.Read(call), call));
        v1.List("/v1/publications", "list-publications", PublicationList.Read);
        client.Post<PublicationInput, Publication>("/client/v1/publish", "create-publication-client-side", async (input, call) =>
        {
            await ClientDoor.Open(call, project => project.ClientPublishEnabled, "client_publish_enabled");
            return await Create(input, call);
        });
    }

    static async Task<Publication> Create(PublicationInput input, Call call)
    {
        var links = await call.Need<AssetSecret>().Links(call);
        // Whoever has the link speaks for the customer. A key that lies in web pages is told no one's.
        var preferences = call.Caller.Kind == KeyKind.Client ? null : await PreferenceLinks.Of(call);
        return await Publish(input, call, call.Flag("join_once"), (db, given, wish) => Show(db, call, given, wish, links, preferences));
    }

    /// <summary>Publishes, and answers what an endpoint tells of it; a race is tried again, and a failure is kept.</summary>
    /// <param name="input">What to publish.</param>
    /// <param name="call">The request.</param>
    /// <param name="joinsOnce">Who has a code of the campaign gets the same one again.</param>
    /// <param name="told">What is told, inside the write.</param>
    /// <param name="check">Refuses, by a fault, what is no business of the endpoint.</param>
    internal static async Task<T> Publish<T>(PublicationInput input, Call call, bool joinsOnce, Func<DbConnection, Given, Wish, Task<T>> told, Action<Wish>? check = null)
    {
        PublicationReading.Check(input);
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            try
            {
                return await call.Commit(async db =>
                {
                    var wish = await PublicationReading.Find(db, input, call, joinsOnce);
                    check?.Invoke(wish);
                    var given = await Publishing.Give(db, call.Db.Dialect, call.ProjectId, wish, call.Now);
                    if (given.Refusal is { } refusal) throw new Refused(wish, refusal);
                    return await told(db, given, wish);
                });
            }
            catch (Refused refused)
            {
                await Keep(call, refused);
                throw new ApiFault(refused.Refusal);
            }
            catch (Exception fault) when (fault is LostRace || call.Db.IsDuplicate(fault) || call.Db.IsDeadlock(fault))
            {
                // Nothing of this attempt was written; another request made the customer or the publication meanwhile.
            }
        }
        throw new ApiFault(Refusals.ConcurrentUpdate);
    }

    // Nothing of the attempt stayed; that it was made does.
    static async Task Keep(Call call, Refused refused)
    {
        try
        {
            await call.Db.Write(db => Publishing.Fail(db, call.ProjectId, refused.Wish, refused.Refusal, call.Now));
        }
        catch (Exception fault) when (call.Db.IsDuplicate(fault))
        {
            // The customer was made by another request meanwhile, under another id; this attempt is told to its caller alone.
        }
    }

    static async Task<Publication> Show(DbConnection db, Call call, Given given, Wish wish, AssetLinks links, PreferenceLinks? preferences)
    {
        var row = given.Publication!;
        var shown = PublicationView.Show(row, wish.Customer.Row, preferences);
        if (shown.VouchersId is not [var id]) return shown;
        var vouchers = given.IsKnown ? await PublicationSql.Vouchers(db, call.Db.Dialect, call.ProjectId, [id]) : given.Vouchers;
        // A code that was deleted meanwhile is told as lists tell it.
        if (vouchers is not [var voucher]) return shown;
        return shown with { Voucher = Wire.Element(await VoucherView.Categorized(db, call, VoucherView.Show(voucher, row.CampaignName, links))) };
    }

    /// <summary>Rolls the attempt back and says why.</summary>
    sealed class Refused(Wish wish, Refusal refusal) : Exception
    {
        public Wish Wish { get; } = wish;
        public Refusal Refusal { get; } = refusal;
    }
}
