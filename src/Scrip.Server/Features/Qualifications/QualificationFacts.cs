using System.Text;
using Dapper;
using Scrip.Engine;
using Scrip.Engine.Carts;
using Scrip.Engine.Facts;
using Scrip.Engine.Qualifying;
using Scrip.Engine.Redeeming;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Promotions;
using Scrip.Server.Features.Segments;
using Scrip.Server.Features.Snapshots;
using Scrip.Server.Features.Validations;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Qualifications;

/// <summary>
/// Everything a qualification is decided on, gathered in one round trip: the project's version, the customer with what
/// it holds, the stored order, products, SKUs, and the newest generic codes. Older codes are fetched when the page needs
/// them; promotions and campaigns come from the node's snapshot.
/// </summary>
sealed class QualificationFacts
{
    const int FirstRows = 500;
    const int NextRows = 5000;

    IReadOnlyList<Offer> vouchers = [];

    QualificationFacts()
    {
    }

    public required ProjectSnapshot Project { get; init; }
    public required InlineCustomer Customer { get; init; }
    public required Order? Stored { get; init; }
    public required Cart? Cart { get; init; }
    public required Situation Situation { get; init; }


    /// <summary>Says what qualifies.</summary>
    public required Qualifier Qualifier { get; init; }

    /// <summary>What the configuration has that may qualify, sorted newest first.</summary>
    IReadOnlyList<Offer> Configured { get; set; } = [];

    /// <summary>The last generic code that was read; null when there are no more.</summary>
    VoucherRow? Last { get; set; }

    /// <summary>True when older generic codes were left where they are.</summary>
    public bool HasMore => Last is not null;

    /// <summary>The candidates that are known, sorted newest first: none is older than a generic code that is not.</summary>
    public IReadOnlyList<Offer> Candidates(CandidateFilter filter)
    {
        var all = vouchers.Count == 0 ? Configured : Candidate.Joined(Configured, vouchers);
        if (filter.Conditions.Count == 0 && Last is null) return all;
        return [.. all.TakeWhile(IsKnown).Where(filter.Wants)];
    }

    bool IsKnown(Offer offer) => Last is not { } last || offer.CreatedAt > last.CreatedAt
        || (offer.CreatedAt == last.CreatedAt && string.CompareOrdinal(offer.Id, last.Id) >= 0);

    /// <summary>Loads and checks.</summary>
    public static async Task<QualificationFacts> Load(QualificationInput input, Scenario scenario, VouchersWanted wanted, Call call) =>
        // A rule that is newer than the version that was read is known when the version is read again.
        await Load(input, scenario, wanted, call, false) ?? (await Load(input, scenario, wanted, call, true))!;

    static async Task<QualificationFacts?> Load(QualificationInput input, Scenario scenario, VouchersWanted wanted, Call call, bool isLast)
    {
        var dialect = call.Db.Dialect;
        var sent = input.Customer ?? input.Order?.Customer;
        var names = LineFacts.Names(input.Order?.Items);
        var orderName = input.Order?.Id ?? input.Order?.SourceId;
        var hasCustomer = !string.IsNullOrEmpty(sent?.Id) || !string.IsNullOrEmpty(sent?.SourceId);
        var hasWallet = hasCustomer && wanted.Wallet;
        var sql = new StringBuilder("SELECT version FROM projects WHERE id = @project; ");
        if (orderName is not null) sql.Append(OrderSql.SelectNamed).Append("; ");
        if (hasCustomer) sql.Append(CustomerSql.SelectNamed).Append("; ");
        // Unless it is known that no rule asks for them.
        var hasSegments = hasCustomer && call.Need<SnapshotCache>().Known(call.ProjectId) is not { AsksSegments: false };
        if (hasSegments) sql.Append(SegmentSnapshot.Members).Append("; ");
        if (hasWallet) sql.Append(QualificationSql.Wallet).Append("; ");
        if (wanted.Generic) sql.Append(QualificationSql.Generic).Append("; ").Append(QualificationSql.Standalone).Append("; ");
        if (names.Length > 0) sql.Append(Products.ProductSql.SelectMany(dialect));
        var loaded = await call.Db.Read(async db =>
        {
            await using var results = await db.QueryMultipleAsync(sql.ToString(), new
            {
                project = call.ProjectId,
                names = dialect.Texts(names),
                order = orderName,
                id = sent?.Id,
                source = sent?.SourceId,
                now = call.Now,
                session = "",
                before = wanted.NotAfter + 1 ?? long.MaxValue,
                before_id = "",
                rows = FirstRows,
            });
            return (
                Version: await results.ReadFirstOrDefaultAsync<long?>() ?? 0,
                Order: orderName is null ? null : await results.ReadFirstOrDefaultAsync<OrderRow>(),
                Customer: hasCustomer ? await results.ReadFirstOrDefaultAsync<CustomerRow>() : null,
                Segments: hasSegments ? (await results.ReadAsync<string>()).AsList() : [],
                Wallet: hasWallet ? (await results.ReadAsync<VoucherRow>()).AsList() : [],
                Generic: wanted.Generic ? (await results.ReadAsync<VoucherRow>()).AsList() : [],
                Standalone: wanted.Generic ? (await results.ReadAsync<VoucherRow>()).AsList() : [],
                Lines: names.Length > 0 ? await LineFacts.Read(results) : LineFacts.Empty);
        });
        var project = await call.Need<SnapshotCache>().Get(call.ProjectId, loaded.Version);
        if (!isLast && loaded.Wallet.Concat(loaded.Generic).SelectMany(StackFacts.OwnRules).Any(rule => !project.Rules.ContainsKey(rule))) return null;
        if (!isLast && hasCustomer && !hasSegments && project.AsksSegments) return null;
        var stored = loaded.Order is null ? null : Wire.Read<Order>(loaded.Order.Body);
        var customer = InlineCustomer.Of(loaded.Customer, sent, call.ProjectId, call.Now);
        var cart = input.Order is null ? null : OrderFlow.Open(input.Order, stored, loaded.Lines);
        cart = LineCollections.Mark(cart, project.Collections, [loaded.Lines, await Continued(input, stored, project, call)], call.Now);
        var situation = SituationOf(input, stored, customer, loaded.Segments, project, call);
        var facts = new QualificationFacts
        {
            Project = project,
            Customer = customer,
            Stored = stored,
            Cart = cart,
            Situation = situation,
            Qualifier = new Qualifier(cart, project.Stacking, situation, scenario),
        };
        await facts.Configure(scenario, call);
        var standalone = loaded.Standalone.ExceptBy(loaded.Wallet.Select(row => row.Id), row => row.Id);
        await facts.Add([.. loaded.Wallet, .. standalone, .. loaded.Generic], loaded.Customer?.Id, call);
        facts.Last = loaded.Generic.Count == FirstRows ? loaded.Generic[^1] : null;
        return facts;
    }

    /// <summary>Reads further generic codes; only when there are more.</summary>
    public async Task ReadMore(Call call)
    {
        var last = Last!;
        var rows = await call.Db.Read(async db => (await db.QueryAsync<VoucherRow>(QualificationSql.Generic,
            new { project = call.ProjectId, now = call.Now, session = "", before = last.CreatedAt, before_id = last.Id, rows = NextRows })).AsList());
        await Add(rows, null, call);
        Last = rows.Count == NextRows ? rows[^1] : null;
    }

    async Task Configure(Scenario scenario, Call call)
    {
        Configured = Offers.Of(Project).Possible(Qualifier, scenario);
        TierSnapshot[] giving = [.. Offers.Giving(Configured, Project)];
        if (giving.Length > 0) Configured = Offers.Priced(Configured, Project, await StackFacts.Units(call, [], giving, []), call.Now);
    }

    async Task Add(List<VoucherRow> rows, string? holder, Call call)
    {
        var units = await StackFacts.Units(call, rows, [], []);
        vouchers = Candidate.Joined(vouchers, Offers.Sorted(rows.Select(row => OfVoucher(row, holder, units, call.Now)).OfType<Offer>()));
    }

    Offer? OfVoucher(VoucherRow row, string? holder, LineFacts units, long now)
    {
        var input = new RedeemableInput { Object = Offer.VoucherObject, Id = row.Code };
        // A code whose campaign lies in the bin is not there.
        return StackFacts.Fact(input, row, Project, units, now) is not VoucherRedeemable fact ? null : new Offer(row.Id, row.CreatedAt, [fact])
        {
            Object = Offer.VoucherObject,
            Voucher = row,
            Campaign = Project.Campaign(row.CampaignId),
            HolderRole = holder is not null && row.HolderId == holder ? "OWNER" : null,
        };
    }

    // Collections of an order that is continued need its products, which are known only now.
    static Task<LineFacts> Continued(QualificationInput input, Order? stored, ProjectSnapshot project, Call call) =>
        StackFacts.Units(call, [], [], project.Collections.Count == 0 ? [] : OrderFlow.Continued(input.Order, stored));

    static Situation SituationOf(QualificationInput input, Order? stored, InlineCustomer customer, IReadOnlyList<string> segments, ProjectSnapshot project, Call call) =>
        StackFacts.Situation(new StackRequest { Order = input.Order, Metadata = input.Metadata }, stored, customer, segments, project, call);
}

/// <summary>Which vouchers are candidates.</summary>
/// <param name="Wallet">What the customer holds.</param>
/// <param name="Generic">Codes for everybody.</param>
/// <param name="NotAfter">Only codes for everybody that were made until then, in Unix milliseconds; null means all.</param>
sealed record VouchersWanted(bool Wallet, bool Generic, long? NotAfter = null)
{
    /// <summary>Those that a scenario answers.</summary>
    public static VouchersWanted By(Scenario scenario, long? notAfter) => new(scenario != Scenario.PromotionStacks,
        scenario is not (Scenario.PromotionStacks or Scenario.CustomerWallet), notAfter);
}
