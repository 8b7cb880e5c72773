using System.Data.Common;
using System.Text.Json;
using Scrip.Engine;
using Scrip.Engine.Formulas;
using Scrip.Server.Features.CustomEvents;
using Scrip.Server.Features.ProductCollections;
using Scrip.Server.Features.Products;
using Scrip.Server.Features.Segments;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.EarningRules;

/// <summary>Checks what a caller says of earning rules, and looks up what they name; each fault names its place.</summary>
static class EarningRuleTerms
{
    const int BannerMax = 1000;
    const int ItemsMax = 100;
    const int DaysMax = 90;

    /// <summary>A new rule.</summary>
    /// <param name="db">The connection of the write.</param>
    /// <param name="call">The request.</param>
    /// <param name="campaign">The id of the loyalty campaign.</param>
    /// <param name="input">What was sent.</param>
    /// <param name="at">Where it lies in the request, such as <c>[0].</c></param>
    public static async Task<EarningRuleRow> New(DbConnection db, Call call, string campaign, EarningRuleInput input, string at)
    {
        var (name, schema, segment) = await Event(db, call.ProjectId, input, at);
        if (input.Loyalty is null) throw Checks.Wrong(at + "loyalty", "is required");
        var row = new EarningRuleRow
        {
            ProjectId = call.ProjectId,
            Id = Ids.New("ern_", call.Now),
            CampaignId = campaign,
            Event = name,
            SegmentId = segment,
            Active = true,
            CreatedAt = call.Now,
            Body = Wire.Text(new EarningBody { EventSchemaId = schema }),
        };
        return await Merge(db, row, input, _ => true, at);
    }

    /// <summary>A rule with what was sent.</summary>
    public static async Task<EarningRuleRow> Merge(DbConnection db, EarningRuleRow row, EarningRuleInput input, Func<string, bool> sent, string at = "")
    {
        Checks.Metadata(input.Metadata, at + "metadata");
        var (old, isNew) = (row.Content, row.UpdatedAt is null && row.Content.Loyalty.Type is null);
        var (starts, expires) = (sent("start_date") ? input.StartDate?.Ms : row.StartsAt, sent("expiration_date") ? input.ExpirationDate?.Ms : row.ExpiresAt);
        Checks.Period(Moment.From(starts), Moment.From(expires));
        var body = old with
        {
            Loyalty = input.Loyalty is { } loyalty ? await Loyalty(db, row, loyalty, at + "loyalty") : old.Loyalty,
            Banner = input.Source is { } source ? Checks.Text(source.Banner, at + "source.banner", BannerMax) : old.Banner,
            PendingPoints = sent("pending_points") ? Pending(row.Event, input.PendingPoints, at + "pending_points") : old.PendingPoints,
            ExpirationRules = sent("expiration_rules") ? ExpirationTerms.Checked(input.ExpirationRules, at + "expiration_rules") : old.ExpirationRules,
            ValidityTimeframe = sent("validity_timeframe") ? VoucherTerms.Timeframe(input.ValidityTimeframe) : old.ValidityTimeframe,
            ValidityDayOfWeek = sent("validity_day_of_week") ? VoucherTerms.Days(input.ValidityDayOfWeek) : old.ValidityDayOfWeek,
            ValidityHours = sent("validity_hours") ? VoucherTerms.Hours(input.ValidityHours) : old.ValidityHours,
            Metadata = isNew ? input.Metadata : Merging.Metadata(old.Metadata, input.Metadata),
        };
        return new EarningRuleRow
        {
            ProjectId = row.ProjectId,
            Id = row.Id,
            CampaignId = row.CampaignId,
            Event = row.Event,
            SegmentId = row.SegmentId,
            Active = input.Active ?? row.Active,
            StartsAt = starts,
            ExpiresAt = expires,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
            RuleIds = row.RuleIds,
            Body = Wire.Text(body),
        };
    }

    static async Task<(string Name, string? Schema, string? Segment)> Event(DbConnection db, string project, EarningRuleInput input, string at)
    {
        var name = Checks.Text(input.Event, at + "event", 300);
        var schema = Checks.Text(input.CustomEvent?.SchemaId, at + "custom_event.schema_id");
        if (name?.StartsWith(EarningEvents.TierPrefix, StringComparison.Ordinal) == true)
            throw Checks.Wrong(at + "event", $"cannot be {name}: what happens in loyalty tiers earns nothing");
        if (input.LoyaltyTier is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) }) throw Checks.Wrong(at + "loyalty_tier", "cannot be used: what happens in loyalty tiers earns nothing");
        if (name == EarningEvents.SegmentEntered)
        {
            var segment = Checks.Text(input.Segment?.Id, at + "segment.id") ?? throw Checks.Wrong(at + "segment.id", "is required");
            return (name, null, await SegmentSql.Find(db, project, segment) is null ? throw new ApiFault(Refusals.Missing("segment", segment)) : segment);
        }
        if (input.Segment is not null) throw Checks.Wrong(at + "segment", $"is for {EarningEvents.SegmentEntered} only");
        if (name == EarningEvents.OrderPaid)
            return schema is null ? (name, null, null) : throw Checks.Wrong(at + "custom_event", "is for custom events only");
        if (name is null && schema is null) throw Checks.Wrong(at + "event", "is required");
        var found = schema is null ? await CustomEventSchemaSql.Named(db, project, name!) : await CustomEventSchemaSql.Find(db, project, schema, "");
        if (found is null) throw new ApiFault(Refusals.Missing("custom_event_schema", schema ?? name!));
        if (name is not null && name != found.Name) throw Checks.Wrong(at + "event", $"is not the name of the definition {found.Id}, which is {found.Name}");
        return (found.Name, found.Id, null);
    }

    static PendingPeriod? Pending(string happening, PendingPeriod? period, string at)
    {
        if (period is null) return null;
        if (happening != EarningEvents.OrderPaid) throw Checks.Wrong(at, $"is for {EarningEvents.OrderPaid} only");
        if (period.PeriodType is null) throw Checks.Wrong(at + ".period_type", "is required");
        Checks.OneOf(period.PeriodType, at + ".period_type", "DAY");
        if (period.PeriodValue is not (>= 1 and <= DaysMax)) throw Checks.Wrong(at + ".period_value", $"must be an integer from 1 to {DaysMax}");
        return period;
    }

    static async Task<EarningLoyalty> Loyalty(DbConnection db, EarningRuleRow row, EarningLoyalty given, string at)
    {
        if (Checks.OneOf(given.Type, at + ".type", Calculations.Fixed, Calculations.Proportional) is not { } type) throw Checks.Wrong(at + ".type", "is required");
        if (type == Calculations.Fixed)
            return new() { Type = type, Points = Points(given.Points, at), PointsFormula = Formula(given.PointsFormula, at) };
        var calculation = given.CalculationType ?? throw Checks.Wrong(at + ".calculation_type", "is required");
        var allowed = Calculations.Of(row.Event);
        if (!allowed.Contains(calculation)) throw Checks.Wrong(at + ".calculation_type", $"must be one of: {string.Join(", ", allowed)}");
        var place = $"{at}.{Calculations.PathOf(calculation)}";
        var ratio = given.Ratio ?? throw Checks.Wrong(place, "is required");
        if (ratio.Every is null) throw Checks.Wrong(place + ".every", "is required");
        var items = Calculations.IsOfItems(calculation) ? await Items(db, row.ProjectId, ratio, place) : [];
        return given.With(new EarningRatio
        {
            Every = Checks.Positive(ratio.Every, place + ".every"),
            Points = Points(ratio.Points, place),
            PointsFormula = Formula(ratio.PointsFormula, place),
            Property = !Calculations.IsOfMetadata(calculation) ? null : Checks.Text(ratio.Property, place + ".property") ?? throw Checks.Wrong(place + ".property", "is required"),
            Object = items.Length > 0 ? items[0].Object : null,
            Id = items.Length > 0 ? items[0].Id : null,
            ApplicableTo = items.Length > 0 ? items : null,
        });
    }

    static long Points(long? points, string at)
    {
        if (points is null) throw Checks.Wrong(at + ".points", "is required");
        return Checks.Positive(points, at + ".points")!.Value;
    }

    static string? Formula(string? text, string at)
    {
        if (string.IsNullOrEmpty(text)) return null;
        return Engine.Formulas.Formula.Read(text).Fault is { } fault ? throw Checks.Wrong(at + ".points_formula", fault) : text;
    }

    static async Task<EarningItem[]> Items(DbConnection db, string project, EarningRatio ratio, string at)
    {
        var named = ratio.ApplicableTo is { Length: > 0 } list ? list : ratio.Id is null && ratio.Object is null ? [] : [new(ratio.Object, ratio.Id)];
        if (named.Length > ItemsMax) throw Checks.Wrong(at + ".applicable_to", $"must NOT have more than {ItemsMax} items");
        var found = new List<EarningItem>();
        for (var i = 0; i < named.Length; i++)
        {
            var place = ratio.ApplicableTo is { Length: > 0 } ? $"{at}.applicable_to[{i}]" : at;
            if (named[i] is not { } item) throw Checks.Wrong(place, "must be object");
            var id = Checks.Text(item.Id, place + ".id") ?? throw Checks.Wrong(place + ".id", "is required");
            if (item.Object is null) throw Checks.Wrong(place + ".object", "is required");
            Checks.OneOf(item.Object, place + ".object", "products_collection", "product", "sku");
            var known = item.Object switch
            {
                "product" => (await ProductSql.Find(db, project, id))?.Id,
                "sku" => (await ProductSql.FindSku(db, project, id))?.Id,
                _ => (await CollectionSql.Find(db, project, id))?.Id,
            };
            found.Add(new(item.Object, known ?? throw new ApiFault(Refusals.Missing(item.Object == "products_collection" ? "product_collection" : item.Object, id))));
        }
        return [.. found.Distinct()];
    }
}
