using System.Text.Json;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;

namespace Scrip.Engine.Rules;

/// <summary>A validation rule as it is stored, in the API's own shape.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Rules">The API's <c>rules</c>: numbered conditions and <c>logic</c>.</param>
/// <param name="BundleRules">The API's <c>bundle_rules</c>; absent when there are none.</param>
/// <param name="ApplicableTo">The API's <c>applicable_to</c>; absent when it is not limited.</param>
/// <param name="Message">The text shown to customers when no condition has one of its own.</param>
public sealed record RuleSource(string Id, JsonElement? Rules, JsonElement? BundleRules = null, JsonElement? ApplicableTo = null, string? Message = null);

/// <summary>What <see cref="Rule.Bind"/> answers: exactly one of the two is set.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Fault">Where it is wrong and why, such as <c>rules.2.conditions.$is: must be a number</c>.</param>
public readonly record struct RuleBinding(Rule? Rule, string? Fault);

/// <summary>A validation rule bound once: names resolved, operands typed, operators chosen. Immutable, and shared by threads.</summary>
public sealed class Rule
{
    private Rule(RuleSource source) => Source = source;

    /// <summary>What it was bound from.</summary>
    public RuleSource Source { get; }

    /// <summary>Which lines its discount may touch.</summary>
    public Targets Targets { get; private init; } = Targets.Everything;

    /// <summary>The usage counters it looks at.</summary>
    public IReadOnlyList<UsageNeed> Needs { get; private init; } = [];

    /// <summary>Binds a rule, or says what is wrong with it.</summary>
    public static RuleBinding Bind(RuleSource source) => new(new Rule(source), null);

    /// <summary>Judges the facts.</summary>
    public RuleVerdict Judge(RuleFacts facts) => Source.Id.Length == 0 ? throw new ArgumentException("No rule", nameof(facts)) : RuleVerdict.Holding;
}

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

/// <summary>What a rule may look at.</summary>
/// <param name="Situation">The request.</param>
/// <param name="Incentive">The voucher or promotion tier that the rule is assigned to.</param>
/// <param name="Before">The order as earlier redeemables left it; null when none was sent.</param>
/// <param name="After">The order after this redeemable; null when it cannot be calculated.</param>
/// <param name="Takes">What this redemption would use: one use, order amount, discount, credits.</param>
/// <param name="Scope">Which families of conditions are judged; the others are left out and count as true.</param>
public sealed record RuleFacts(Situation Situation, Incentive Incentive, Cart? Before, Cart? After, Usage Takes, RuleFamilies Scope = RuleFamilies.All);

/// <summary>Families of conditions. A qualification leaves some of them out.</summary>
[Flags]
public enum RuleFamilies
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Segments, loyalty tiers, customer metadata, holder.</summary>
    Audience = 1,

    /// <summary>Which products the cart has.</summary>
    Products = 2,

    /// <summary>Amounts, prices, quantities and metadata of the order.</summary>
    Order = 4,

    /// <summary>Limits that count redemptions or money of a whole campaign or incentive.</summary>
    Budget = 8,

    /// <summary>Limits that count per customer.</summary>
    CustomerBudget = 16,

    /// <summary>Redeeming key or user, redemption metadata.</summary>
    Redemption = 32,

    /// <summary>Everything.</summary>
    All = 63,
}

/// <summary>What a rule says of the facts.</summary>
/// <param name="Holds">True when it is met.</param>
/// <param name="Refusal">Why it is not met; null when it is.</param>
/// <param name="Limits">The counters a positive verdict rests on; the commit guards them again.</param>
/// <param name="Bundles">How many bundles the order has, as far as the rule allows: what the discount is multiplied by; null without bundle rules.</param>
/// <param name="Steps">What was looked at, for the trace.</param>
public sealed record RuleVerdict(bool Holds, Refusal? Refusal, IReadOnlyList<UsageLimit> Limits, BundleCount? Bundles, IReadOnlyList<RuleStep> Steps)
{
    /// <summary>Met, and nothing was looked at.</summary>
    public static readonly RuleVerdict Holding = new(true, null, [], null, []);

    /// <summary>Names of conditions that were left out because of <see cref="RuleFacts.Scope"/>.</summary>
    public IReadOnlyList<string> Omitted { get; init; } = [];
}

/// <summary>The bundles of an order.</summary>
/// <param name="Quantity">Complete bundles, at most the rule's limit.</param>
/// <param name="Identified">What of the bundle the order has.</param>
/// <param name="Missing">What it lacks for the next one.</param>
public sealed record BundleCount(long Quantity, IReadOnlyList<BundlePart> Identified, IReadOnlyList<BundlePart> Missing);

/// <summary>One product or collection of a bundle.</summary>
/// <param name="Id">The id of the product, SKU or collection.</param>
/// <param name="Object"><c>product</c>, <c>sku</c> or <c>products_collection</c>.</param>
/// <param name="Quantity">Units.</param>
public sealed record BundlePart(string Id, string Object, long Quantity)
{
    /// <summary>The indices of the lines that were counted.</summary>
    public IReadOnlyList<int> Lines { get; init; } = [];
}

/// <summary>One condition as it was judged.</summary>
/// <param name="Path">Its place in the rule, such as <c>2.rules.1</c>.</param>
/// <param name="Name">The condition's name, such as <c>order.amount</c>.</param>
/// <param name="Operator">The operator, such as <c>$more_than</c>.</param>
/// <param name="Holds">True when it is met; null when it was left out.</param>
/// <param name="Seen">The value seen, as JSON text; null when it is missing.</param>
/// <param name="Needed">The value needed, as JSON text.</param>
/// <param name="Change">The smallest change that would flip it; null when there is none to be told.</param>
public sealed record RuleStep(string RuleId, string Path, string Name, string? Property, string Operator, bool? Holds, string? Seen, string? Needed, RuleChange? Change = null);

/// <summary>A change of one fact that flips a condition.</summary>
/// <param name="Fact">The fact, such as <c>order.amount</c>.</param>
/// <param name="To">The value it has to get, as JSON text.</param>
public sealed record RuleChange(string Fact, string To);
