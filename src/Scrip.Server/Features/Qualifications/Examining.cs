using Scrip.Engine;
using Scrip.Engine.Qualifying;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Validations;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Qualifications;

/// <summary>
/// The older qualifications: generic codes, and campaigns of codes, one list each and no pages. They are decided
/// like scenario ALL, or AUDIENCE_ONLY with <c>audienceRulesOnly</c>.
/// </summary>
static class Examining
{
    static readonly Dictionary<string, Comparison<Offer>> VoucherOrders = new(StringComparer.Ordinal)
    {
        ["created_at"] = (one, other) => one.CreatedAt.CompareTo(other.CreatedAt),
        ["updated_at"] = (one, other) => Nullable.Compare(one.Voucher!.UpdatedAt, other.Voucher!.UpdatedAt),
        ["code"] = (one, other) => string.CompareOrdinal(one.Voucher!.Code, other.Voucher!.Code),
    };

    // A campaign has no code of its own; its name stands for it.
    static readonly Dictionary<string, Comparison<Offer>> CampaignOrders = new(StringComparer.Ordinal)
    {
        ["created_at"] = (one, other) => one.CreatedAt.CompareTo(other.CreatedAt),
        ["updated_at"] = (one, other) => Nullable.Compare(one.Campaign!.UpdatedAt, other.Campaign!.UpdatedAt),
        ["type"] = (one, other) => string.CompareOrdinal(one.Campaign!.Type, other.Campaign!.Type),
        ["category"] = (one, other) => string.CompareOrdinal(one.Campaign!.Category, other.Campaign!.Category),
        ["code"] = (one, other) => string.CompareOrdinal(one.Campaign!.Name, other.Campaign!.Name),
        ["campaign"] = (one, other) => string.CompareOrdinal(one.Campaign!.Name, other.Campaign!.Name),
    };

    public static void Map(Api vouchers, Api campaigns)
    {
        vouchers.Post<QualificationInput, Examined<Voucher>>("/v1/vouchers/qualification", "examine-vouchers-qualification", Vouchers);
        campaigns.Post<QualificationInput, Examined<ExaminedCampaign>>("/v1/campaigns/qualification", "examine-campaign-qualification", Campaigns);
    }

    static async Task<Examined<Voucher>> Vouchers(QualificationInput input, Call call)
    {
        var (limit, order) = (Limit(call), Order(call, VoucherOrders));
        var links = await call.Need<AssetSecret>().Links(call);
        var facts = await Load(input, new(Wallet: false, Generic: true), call);
        while (facts.HasMore) await facts.ReadMore(call);
        var offers = facts.Candidates(CandidateFilter.None).Where(offer => offer.Voucher is { CampaignId: null });
        var shown = Qualified(offers, facts.Qualifier, order, limit).ConvertAll(offer => VoucherView.Show(offer.Voucher!, null, links));
        shown = await call.Db.Read(db => VoucherView.Categorized(db, call.Db.Dialect, call.ProjectId, shown));
        return Answer([.. shown], input, facts, call);
    }

    static async Task<Examined<ExaminedCampaign>> Campaigns(QualificationInput input, Call call)
    {
        var (limit, order) = (Limit(call), Order(call, CampaignOrders));
        var facts = await Load(input, new(Wallet: false, Generic: false), call);
        var ids = Qualified(Offers.Of(facts.Project).PossibleCampaigns(facts.Qualifier), facts.Qualifier, order, limit).ConvertAll(offer => offer.Id);
        var rows = ids.Count == 0 ? [] : await call.Db.Read(db => CampaignSql.Live(db, call.Db.Dialect, call.ProjectId, [.. ids]));
        var shown = rows.OrderBy(row => ids.IndexOf(row.Id)).Select(row => ExaminedCampaign.Of(CampaignTerms.Show(row)));
        return Answer([.. shown], input, facts, call);
    }

    static Task<QualificationFacts> Load(QualificationInput input, VouchersWanted wanted, Call call)
    {
        QualificationTerms.Check(input);
        var scenario = call.Flag("audienceRulesOnly") ? Scenario.AudienceOnly : Scenario.All;
        return QualificationFacts.Load(input, scenario, wanted, call);
    }

    // Equal keys keep the newest first.
    static List<Offer> Qualified(IEnumerable<Offer> newestFirst, Qualifier qualifier, Comparison<Offer> order, int limit) =>
        [.. newestFirst.Order(Comparer<Offer>.Create(order)).Where(offer => qualifier.Look(offer) is not null).Take(limit)];

    static Examined<T> Answer<T>(T[] data, QualificationInput input, QualificationFacts facts, Call call) => new()
    {
        Data = data,
        Total = data.Length,
        Id = Ids.New("qlf_", call.Now),
        CreatedAt = new(call.Now),
        TrackingId = ValidationFlow.TrackingId(input.TrackingId, facts.Customer.Row?.SourceId, call.Now),
    };

    static int Limit(Call call) => call.Query["limit"].ToString() switch
    {
        "" => QualificationTerms.LimitMax,
        var text when int.TryParse(text, out var limit) && limit is >= 1 and <= QualificationTerms.LimitMax => limit,
        _ => throw new ApiFault(Refusals.InvalidQueryParams.With($"Property .limit must be an integer from 1 to {QualificationTerms.LimitMax}")),
    };

    static Comparison<Offer> Order(Call call, Dictionary<string, Comparison<Offer>> orders)
    {
        var text = call.Query["order"].ToString();
        if (text.Length == 0) text = "-created_at";
        if (!orders.TryGetValue(text.TrimStart('-'), out var order))
            throw new ApiFault(Refusals.InvalidQueryParams.With($"Property .order must be one of: {string.Join(", ", orders.Keys.SelectMany(name => new[] { name, "-" + name }))}"));
        return text[0] == '-' ? (one, other) => order(other, one) : order;
    }
}
