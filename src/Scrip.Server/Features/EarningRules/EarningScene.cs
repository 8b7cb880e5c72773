using System.Data.Common;
using NodaTime;
using Scrip.Engine.Carts;
using Scrip.Engine.Earning;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Rules;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.ProductCollections;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.Segments;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.EarningRules;

/// <summary>
/// What points are worked out from, read through one connection: the project's calendar, validation rules, collections
/// and segments, each when it is first asked for. Nothing is written.
/// </summary>
sealed class EarningScene(DbConnection db, Dialect dialect, string project)
{
    readonly Dictionary<string, Rule> rules = new(StringComparer.Ordinal);
    ProjectBody? settings;
    Dictionary<string, CollectionSnapshot>? collections;

    /// <summary>The project's time zone.</summary>
    public async Task<DateTimeZone> Zone()
    {
        var zone = (await Settings()).Timezone;
        return (zone is null ? null : DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone)) ?? DateTimeZone.Utc;
    }

    async Task<ProjectBody> Settings() => settings ??= Wire.Read<ProjectBody>((await ProjectSql.Find(db, project))?.Body ?? "{}");

    /// <summary>The cart of an order that is stored, or was.</summary>
    public async Task<Cart?> Cart(Order? order, long now)
    {
        if (order is null) return null;
        var names = (order.Items ?? []).SelectMany(item => new[] { item.ProductId, item.SkuId }).OfType<string>().Distinct().ToArray();
        return await Marked(OrderFlow.Continue(order), names, now);
    }

    /// <summary>The cart with the collections of its lines.</summary>
    public async Task<Cart?> Marked(Cart cart, string[] names, long now)
    {
        collections ??= (await CollectionSql.Of(db, dialect, project, null)).Select(CollectionSnapshot.Of).ToDictionary(one => one.Id, StringComparer.Ordinal);
        return collections.Count == 0 ? cart : LineCollections.Mark(cart, collections, [await LineFacts.Load(db, dialect, project, names)], now);
    }

    /// <summary>The facts of something that happened to a customer.</summary>
    public async Task<EarningFacts> Facts(CustomerRow? customer, Cart? cart, Metadata ofOrder, Metadata ofEvent, long at) => new(
        new Situation
        {
            NowMs = at,
            Zone = await Zone(),
            WeekStart = (await Settings()).FirstDayOfWeek switch { "SATURDAY" => IsoDayOfWeek.Saturday, "SUNDAY" => IsoDayOfWeek.Sunday, _ => IsoDayOfWeek.Monday },
            Customer = customer is null ? null : CustomerFlow.Facts(customer),
            OrderMetadata = ofOrder,
        },
        cart, ofEvent);

    /// <summary>What a rule earns by facts: 0 when it or its campaign is not in time, or a validation rule does not hold.</summary>
    public async Task<long> Points(EarningRuleRow rule, CampaignRow campaign, CustomerRow? customer, EarningFacts facts)
    {
        var (at, zone) = (facts.Situation.NowMs, facts.Situation.Zone);
        var schedule = CampaignSnapshot.Of(campaign).Schedule;
        if (!IsOpen(schedule, at, zone) || !IsOpen(rule.Schedule(schedule), at, zone)) return 0;
        var points = rule.Content.Loyalty.Terms().Of(facts);
        return points > 0 && await Hold(rule, campaign, customer, facts) ? points : 0;
    }

    /// <summary>Whether a schedule is active and the instant is within it.</summary>
    public static bool IsOpen(Schedule schedule, long at, DateTimeZone zone) =>
        schedule.Active && (schedule.StartsAt is not { } from || at >= from) && (schedule.ExpiresAt is not { } to || at <= to) && schedule.IsOpen(at, zone);

    async Task<bool> Hold(EarningRuleRow earning, CampaignRow campaign, CustomerRow? customer, EarningFacts facts)
    {
        if (earning.RuleIds.Count == 0) return true;
        string[] unknown = [.. earning.RuleIds.Where(id => !rules.ContainsKey(id))];
        if (unknown.Length > 0)
        {
            foreach (var id in unknown) rules[id] = Rule.Never(id);
            foreach (var row in await ValidationRuleSql.Of(db, dialect, project, unknown)) rules[row.Id] = row.Bind();
        }
        var asked = earning.RuleIds.Select(id => rules[id]).ToArray();
        // Earning keeps no counters, so a limit would never be reached.
        if (asked.Any(rule => rule.Counts)) return false;
        var situation = facts.Situation;
        if (customer is not null && asked.Any(rule => rule.AsksSegments))
            situation = situation with { Customer = situation.Customer! with { Segments = await Segments(customer, situation) } };
        var incentive = new VoucherRedeemable(earning.Id) { Id = earning.Id, Code = earning.Id, CampaignId = campaign.Id, HolderId = customer?.Id, Benefit = new PointsBenefit(0, new NoReward()) };
        var judged = new RuleFacts(situation, incentive, facts.Cart, facts.Cart, default) { EventMetadata = facts.EventMetadata };
        return asked.All(rule => rule.Holds(judged));
    }

    async Task<IReadOnlySet<string>> Segments(CustomerRow customer, Situation situation)
    {
        var known = (await SegmentSql.Of(db, dialect, project, null)).Select(SegmentSnapshot.Of).ToDictionary(one => one.Id, StringComparer.Ordinal);
        var members = (await SegmentSql.Memberships(db, dialect, project, [customer.Id]))[customer.Id].ToArray();
        return SegmentSnapshot.Of(known, members, customer, situation.Zone, situation.NowMs);
    }
}
