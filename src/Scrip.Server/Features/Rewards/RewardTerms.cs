using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Scrip.Engine;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Products;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Rewards;

/// <summary>Checks what a caller says of a reward, and looks up what it gives.</summary>
static class RewardTerms
{
    public const string Campaign = "CAMPAIGN";
    public const string Material = "MATERIAL";
    public const string Coin = "COIN";

    const int DescriptionMax = 2000;

    /// <summary>The kind of reward that the parameters tell.</summary>
    public static string TypeOf(RewardParameters parameters) => (parameters.Campaign, parameters.Product, parameters.Coin) switch
    {
        ({ }, null, null) => Campaign,
        (null, { }, null) => Material,
        (null, null, { }) => Coin,
        _ => throw Checks.Wrong("parameters", "must have exactly one of: campaign, product, coin"),
    };

    /// <summary>The body with what was sent; what it names exists.</summary>
    public static async Task<RewardBody> Merge(DbConnection db, string project, RewardBody old, RewardInput input, Func<string, bool> sent)
    {
        Checks.Metadata(input.Metadata);
        Checks.Text(input.Attributes?.ImageUrl, "attributes.image_url", DescriptionMax);
        Checks.Text(input.Attributes?.Description, "attributes.description", DescriptionMax);
        var parameters = input.Parameters is { } given ? await Bind(db, project, given) : old.Parameters;
        var isMaterial = TypeOf(parameters) == Material;
        if (!isMaterial && input.Stock is not null) throw Checks.Wrong("stock", "is for material rewards only");
        return new RewardBody
        {
            Parameters = parameters,
            Stock = !isMaterial ? null : sent("stock") ? Checks.NotNegative(input.Stock, "stock") : old.Stock,
            Attributes = input.Attributes ?? old.Attributes,
            Metadata = Merging.Metadata(old.Metadata, input.Metadata),
        };
    }

    /// <summary>Refuses a reward that a campaign cannot give.</summary>
    public static void Fits(RewardRow reward, CampaignRow campaign)
    {
        var fault = (campaign.CampaignType, reward.Type) switch
        {
            (CampaignTypes.Referral, Campaign) => null,
            (CampaignTypes.Referral, _) => $"cannot be rewarded with a {reward.Type} reward; a referral gives codes, credits or points",
            // Points that buy points of the same card would be a discount on themselves.
            (CampaignTypes.Loyalty, Campaign) when Wire.Read<RewardBody>(reward.Body).Parameters.Campaign?.Id == campaign.Id => "cannot have a reward that gives points of the same campaign",
            (CampaignTypes.Loyalty, _) => null,
            _ => $"names a {campaign.CampaignType} campaign; rewards are assigned to REFERRAL_PROGRAM and LOYALTY_PROGRAM campaigns",
        };
        if (fault is not null) throw Checks.Wrong("campaign", fault);
    }

    /// <summary>
    /// What a reward costs. A loyalty campaign sells all but COIN for a fixed number of points; elsewhere what is said of a
    /// price is kept.
    /// </summary>
    public static RewardCost? Cost(RewardCost? given, RewardRow reward, string? campaignType)
    {
        var isSold = campaignType == CampaignTypes.Loyalty && reward.Type != Coin;
        if (given is null) return isSold ? throw Checks.Wrong("parameters.loyalty.points", $"is required for a {reward.Type} reward of a LOYALTY_PROGRAM campaign") : null;
        if (given.Loyalty is null) throw new ApiFault(Refusals.MissingParameter.With("Parameter 'parameters.loyalty' is required"));
        Checks.Positive(given.Loyalty.Points, "parameters.loyalty.points");
        if (given.Loyalty.Points > Money.Max) throw Checks.Wrong("parameters.loyalty.points", $"must be <= {Money.Max}");
        if (isSold && given.Loyalty.Points is null) throw Checks.Wrong("parameters.loyalty.points", "is required");
        if (campaignType == CampaignTypes.Loyalty && given.Loyalty.AutoRedeem == true)
            throw Checks.Wrong("parameters.loyalty.auto_redeem", "must be false: rewards are redeemed when somebody asks for it");
        return given;
    }

    static async Task<RewardParameters> Bind(DbConnection db, string project, RewardParameters parameters) => TypeOf(parameters) switch
    {
        Campaign => new RewardParameters { Campaign = await Bind(db, project, parameters.Campaign!) },
        Material => new RewardParameters { Product = await Bind(db, project, parameters.Product!) },
        _ => new RewardParameters { Coin = Bind(parameters.Coin!) },
    };

    static async Task<RewardCampaign> Bind(DbConnection db, string project, RewardCampaign given)
    {
        if (string.IsNullOrEmpty(given.Id)) throw Checks.Wrong("parameters.campaign.id", "is required");
        var campaign = await CampaignSql.Find(db, project, given.Id) ?? throw new ApiFault(Refusals.Missing("campaign", given.Id));
        if (campaign.CampaignType is not (CampaignTypes.Coupons or CampaignTypes.Gifts or CampaignTypes.Loyalty))
            throw Checks.Wrong("parameters.campaign.id", $"names a {campaign.CampaignType} campaign; a reward gives codes of DISCOUNT_COUPONS, credits of GIFT_VOUCHERS or points of LOYALTY_PROGRAM");
        var isCard = campaign.CampaignType != CampaignTypes.Coupons;
        if (isCard && given.Balance is not > 0)
            throw new ApiFault(Refusals.InvalidBalance.With($"Property 'parameters.campaign.balance' must be greater than zero for campaign type: {campaign.CampaignType}"));
        if (!isCard && given.Balance is not null) throw Checks.Wrong("parameters.campaign.balance", "is for campaigns of gift cards and loyalty cards only");
        return new RewardCampaign { Id = campaign.Id, Balance = given.Balance, Type = campaign.CampaignType };
    }

    static async Task<RewardProduct> Bind(DbConnection db, string project, RewardProduct given)
    {
        if (string.IsNullOrEmpty(given.Id)) throw Checks.Wrong("parameters.product.id", "is required");
        var product = await ProductSql.Find(db, project, given.Id) ?? throw new ApiFault(Refusals.Missing("product", given.Id));
        if (given.SkuId is not { Length: > 0 } named) return new RewardProduct { Id = product.Id };
        var sku = await ProductSql.FindSku(db, project, named) ?? throw new ApiFault(Refusals.Missing("sku", named));
        if (sku.ProductId != product.Id) throw Checks.Wrong("parameters.product.sku_id", "is not a SKU of the product");
        return new RewardProduct { Id = product.Id, SkuId = sku.Id };
    }

    static RewardCoin Bind(RewardCoin given)
    {
        var exchange = Number(given.ExchangeRatio, "parameters.coin.exchange_ratio") ?? throw Checks.Wrong("parameters.coin.exchange_ratio", "is required");
        if (exchange <= 0) throw Checks.Wrong("parameters.coin.exchange_ratio", "must be > 0");
        var points = Number(given.PointsRatio, "parameters.coin.points_ratio") ?? 1;
        if (points < 1 || points != decimal.Truncate(points)) throw Checks.Wrong("parameters.coin.points_ratio", "must be an integer of at least 1");
        return new RewardCoin { ExchangeRatio = Wire.Element(exchange), PointsRatio = Wire.Element((long)points) };
    }

    static decimal? Number(JsonElement? value, string field) => value switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetDecimal(out var read) && read <= Wire.WholeMax => read,
        { ValueKind: JsonValueKind.String } text when decimal.TryParse(text.GetString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var read) && read <= Wire.WholeMax => read,
        _ => throw Checks.Wrong(field, "must be number"),
    };
}
