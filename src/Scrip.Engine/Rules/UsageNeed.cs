using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;

namespace Scrip.Engine.Rules;

/// <summary>A kind of usage counter that a rule looks at.</summary>
/// <param name="OfCampaign">True for the campaign's counter, false for that of the voucher or tier.</param>
/// <param name="Scope">Whose counter it is.</param>
/// <param name="Window">The time it covers.</param>
public readonly record struct UsageNeed(bool OfCampaign, UsageScope Scope, UsageWindow Window)
{
    /// <summary>The counter for this incentive and request; null when there is no campaign, customer, key or user to count for.</summary>
    public UsageKey? Key(Incentive incentive, Situation situation)
    {
        var owner = OfCampaign ? incentive.CampaignId : incentive.Id;
        var scope = Scope switch
        {
            UsageScope.Everybody => UsageKey.Everybody,
            UsageScope.Customer => situation.Customer is { } customer ? UsageKey.Customer(customer.Id) : null,
            UsageScope.ApiKey => situation.ApiKey is { } key ? UsageKey.ApiKey(key) : null,
            _ => situation.UserLogin is { } login ? "user:" + login : null,
        };
        return owner is null || scope is null ? null : new(owner, scope, Window);
    }
}

/// <summary>Whose uses a counter counts.</summary>
public enum UsageScope
{
    /// <summary>Everybody's.</summary>
    Everybody,

    /// <summary>Those of the customer of the request.</summary>
    Customer,

    /// <summary>Those of the application key.</summary>
    ApiKey,

    /// <summary>Those of the user.</summary>
    User,
}
