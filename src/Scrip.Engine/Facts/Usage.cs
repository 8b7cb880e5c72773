namespace Scrip.Engine.Facts;

/// <summary>The time that a usage counter covers, by the calendar of the project's time zone.</summary>
public enum UsageWindow
{
    /// <summary>From the beginning.</summary>
    Ever,

    /// <summary>A calendar day.</summary>
    Day,

    /// <summary>A calendar week, from the project's first day of the week.</summary>
    Week,

    /// <summary>A calendar month.</summary>
    Month,
}

/// <summary>What a limit counts of a usage counter.</summary>
public enum UsageMeasure
{
    /// <summary>Successful redemptions.</summary>
    Uses,

    /// <summary>Amounts of the orders, in minor units.</summary>
    Orders,

    /// <summary>Discounts given, in minor units.</summary>
    Discounts,

    /// <summary>Gift credits spent, in minor units.</summary>
    Credits,

    /// <summary>Loyalty points spent.</summary>
    Points,

    /// <summary>Units of a product that were discounted.</summary>
    Units,
}

/// <summary>Names one usage counter of the current window.</summary>
/// <param name="Owner">The id of the campaign, voucher or promotion tier it belongs to.</param>
/// <param name="Scope">Empty for everybody, else <c>customer:ID</c>, <c>key:ID</c>, <c>user:LOGIN</c>; of units <c>units product:ID</c> and its like, with <c> customer:ID</c> behind it where each customer has one.</param>
/// <param name="Window">The time it covers.</param>
public readonly record struct UsageKey(string Owner, string Scope, UsageWindow Window)
{
    /// <summary>The scope of everybody.</summary>
    public const string Everybody = "";

    /// <summary>The scope of one customer.</summary>
    public static string Customer(string id) => "customer:" + id;

    /// <summary>The scope of one API key.</summary>
    public static string ApiKey(string id) => "key:" + id;
}

/// <summary>What was used so far, or what one redemption uses. Amounts are minor units.</summary>
public readonly record struct Usage(long Uses = 0, long Orders = 0, long Discounts = 0, long Credits = 0, long Points = 0, long Units = 0)
{
    /// <summary>One of the numbers.</summary>
    public long Of(UsageMeasure measure) => measure switch
    {
        UsageMeasure.Uses => Uses,
        UsageMeasure.Orders => Orders,
        UsageMeasure.Discounts => Discounts,
        UsageMeasure.Credits => Credits,
        UsageMeasure.Points => Points,
        _ => Units,
    };

    /// <summary>Both together.</summary>
    public static Usage operator +(Usage a, Usage b) => new(
        a.Uses + b.Uses, a.Orders + b.Orders, a.Discounts + b.Discounts, a.Credits + b.Credits, a.Points + b.Points, a.Units + b.Units);
}

/// <summary>
/// A limit that a verdict rests on: the counter, after what this redemption takes, must not exceed the maximum.
/// The commit guards it again.
/// </summary>
/// <param name="Key">The counter.</param>
/// <param name="Measure">Which of its numbers.</param>
/// <param name="Max">The largest value it may have afterwards.</param>
public readonly record struct UsageLimit(UsageKey Key, UsageMeasure Measure, long Max);

/// <summary>The usage counters that were loaded. A counter that is not among them was never used.</summary>
public sealed class UsageFacts(IReadOnlyDictionary<UsageKey, Usage> counters)
{
    /// <summary>Nothing was used yet.</summary>
    public static readonly UsageFacts None = new(new Dictionary<UsageKey, Usage>());

    /// <summary>What was used so far.</summary>
    public Usage Of(UsageKey key) => counters.GetValueOrDefault(key);

    /// <summary>The same counters after more was used: later redeemables of one request count the earlier ones.</summary>
    public UsageFacts With(IEnumerable<KeyValuePair<UsageKey, Usage>> used)
    {
        Dictionary<UsageKey, Usage>? after = null;
        foreach (var (key, more) in used)
            (after ??= new(counters))[key] = (after.GetValueOrDefault(key)) + more;
        return after is null ? this : new(after);
    }
}
