using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.Usages;

/// <summary>A column of <c>redemptions</c> that names the owner of a usage counter.</summary>
public static class UsageOwner
{
    /// <summary>Counters of vouchers.</summary>
    public const string Voucher = "voucher_id";

    /// <summary>Counters of campaigns.</summary>
    public const string Campaign = "campaign_id";

    /// <summary>Counters of promotion tiers.</summary>
    public const string Tier = "promotion_tier_id";
}

/// <summary>
/// The statements about usage counters. Every redemption and rollback keeps the counters that exist of the kinds that rules
/// of the project look at; one that does not exist yet is made from the history of redemptions, in the batch that needs it.
/// Counters are locked in the order of owner, scope and window, after the vouchers.
/// </summary>
static class UsageSql
{
    const string Numbers = "uses, orders_amount, discounts, credits, points, units";

    /// <summary>Starts a query of counters; what follows says whose.</summary>
    public const string Select = $"SELECT owner_id, scope, win, {Numbers} FROM usage_counters WHERE project_id = @project AND ";

    /// <summary>A row of <see cref="Select"/>.</summary>
    public static UsageRow Read(Rows rows) => new()
    {
        OwnerId = rows.Text(0),
        Scope = rows.Text(1),
        Win = rows.Text(2),
        Uses = rows.Number(3),
        OrdersAmount = rows.Number(4),
        Discounts = rows.Number(5),
        Credits = rows.Number(6),
        Points = rows.Number(7),
        Units = rows.Number(8),
    };

    static readonly string Add = $"""
        UPDATE usage_counters SET uses = uses + @uses, {More("orders_amount", "@orders")}, {More("discounts", "@discounts")},
            {More("credits", "@credits")}, {More("points", "@points")}, units = units + @units
        WHERE project_id = @project AND owner_id = @owner AND scope = @scope AND win = @win
            AND uses <= @uses_max AND orders_amount <= @orders_max AND discounts <= @discounts_max
            AND credits <= @credits_max AND points <= @points_max AND units <= @units_max
        """;

    // An amount that no limit reaches stays there, so that nothing overflows however much is redeemed: far above every limit
    // (2^53), and far enough below the end of BIGINT for one more stack.
    static string More(string column, string arg) => $"{column} = CASE WHEN {column} < {Sums.Plenty} THEN {column} + {arg} ELSE {column} END";

    /// <summary>What a number becomes when something is given back; never below zero.</summary>
    static string Less(string column, string arg) => $"{column} = CASE WHEN {column} > {arg} THEN {column} - {arg} ELSE 0 END";

    /// <summary>True of the scopes of everybody and of an API key, whose counters are few.</summary>
    public static bool IsShared(string scope) => scope.Length == 0 || scope.StartsWith("key:", StringComparison.Ordinal);

    // Amounts of redemptions are gift credits, and of loyalty cards points.
    const string Credits = """
        CASE WHEN amount IS NULL OR EXISTS (SELECT 1 FROM vouchers card WHERE card.project_id = redemptions.project_id
            AND card.id = redemptions.voucher_id AND card.type = 'LOYALTY_CARD') THEN 0 ELSE amount END
        """;

    // Redemptions that succeeded and were not rolled back. What
    // one customer did is found by the customer: no database is to look through all that its campaign saw.
    static string History(string owner, string scoped, bool isEver) => $"""
        SELECT COUNT(*) AS uses, {Sums.Of("order_amount")} AS orders_amount, {Sums.Of("discount_amount")} AS discounts,
            {Sums.Of(Credits)} AS credits, CAST(0 AS BIGINT) AS points, CAST(0 AS BIGINT) AS units
        FROM redemptions WHERE project_id = @project AND {(scoped == "customer_id" ? $"{owner} || ''" : owner)} = @owner AND object = 'redemption' AND status = 'SUCCEEDED'
            AND {scoped} = @who{(isEver ? "" : " AND created_at >= @from AND created_at < @until")}
        """;

    // Units that were taken of a budget, by redemptions that succeeded and were not rolled back.
    const string UnitHistory = """
        SELECT CAST(0 AS BIGINT) AS uses, CAST(0 AS BIGINT) AS orders_amount, CAST(0 AS BIGINT) AS discounts,
            CAST(0 AS BIGINT) AS credits, CAST(0 AS BIGINT) AS points, CAST(COALESCE(SUM(taken.units), 0) AS BIGINT) AS units
        FROM redemption_units taken JOIN redemptions r ON r.project_id = taken.project_id AND r.id = taken.redemption_id
        WHERE taken.project_id = @project AND taken.owner_id = @owner AND taken.scope = @who AND r.status = 'SUCCEEDED'
        """;

    /// <summary>True of the scope of a budget of units.</summary>
    public static bool CountsUnits(string scope) => scope.StartsWith(UnitBudgets.Prefix, StringComparison.Ordinal);

    // What is counted from the history, and the counter that is made of it: one text for each kind of key.
    static readonly ConcurrentDictionary<(string Owner, string Scoped, bool IsEver), (string Count, string Make)> Histories = new();

    static (string Count, string Make) Of(string owner, UsageKey key) => Histories.GetOrAdd((owner, Scoped(key.Scope), key.Window == UsageWindow.Ever), static kind =>
    {
        var history = kind.Scoped == UnitBudgets.Prefix ? UnitHistory : History(kind.Owner, kind.Scoped, kind.IsEver);
        return (history, $"""
            INSERT INTO usage_counters (project_id, owner_id, scope, win, {Numbers})
            SELECT @project, @owner, @scope, @win, {Numbers} FROM ({history}) history WHERE 1 = 1
            ON CONFLICT (project_id, owner_id, scope, win) DO NOTHING
            """);
    });

    static (string, object?)[] Args(string project, UsageKey key, UsageCalendar calendar)
    {
        var (from, until) = calendar.Span(key.Window);
        return
        [
            ("project", project), ("owner", key.Owner), ("scope", key.Scope), ("win", calendar.Name(key.Window)), ("who", Who(key.Scope)), ("from", from), ("until", until),
        ];
    }

    static string Scoped(string scope) => CountsUnits(scope) ? UnitBudgets.Prefix : scope.Split(':')[0] switch { "customer" => "customer_id", "key" => "api_key", "" => "''", _ => "NULL" };

    static string Who(string scope) => scope.Length == 0 || CountsUnits(scope) ? scope : scope[(scope.IndexOf(':', StringComparison.Ordinal) + 1)..];

    const string Named = "u.project_id = @project AND u.owner_id = k.owner AND u.scope = k.scope AND u.win = k.win";

    /// <summary>
    /// Reads counters that a table <c>k</c> names by owner, scope and window. Each is looked up by its whole key: left to
    /// itself, PostgreSQL reads all counters of a project while they are few, and keeps to it while they become many.
    /// </summary>
    public static string SelectOf(string k) => $"""
        SELECT c.owner_id, c.scope, c.win, {Numbers} FROM {k} CROSS JOIN LATERAL (
            SELECT owner_id, scope, win, {Numbers} FROM usage_counters u WHERE {Named} OFFSET 0) c
        """;

    static readonly Words SelectSome = new(static dialect => dialect.IsPostgres ? SelectOf(Given)
        : $"{Select}{dialect.Among("owner_id", "@owners")} AND {dialect.Among("scope", "@scopes")} AND {dialect.Among("win", "@wins")}");

    const string Given = "unnest(@owners, @scopes, @wins) AS k(owner, scope, win)";

    /// <summary>Those of the counters that exist: of every combination of owners, scopes and windows.</summary>
    public static Task<List<UsageRow>> Load(Database db, string project, string[] owners, string[] scopes, string[] wins)
    {
        CounterName[] names = [.. CounterName.Every(owners, scopes, wins)];
        if (names.Length == 0) return Task.FromResult(new List<UsageRow>());
        var args = db.Dialect.IsPostgres ? Args(project, names)
            : [("project", project), ("owners", db.Dialect.Texts(owners)), ("scopes", db.Dialect.Texts(scopes)), ("wins", db.Dialect.Texts(wins))];
        return db.Ask(new Batch().Add(SelectSome.In(db.Dialect), args), static rows => rows.All(Read));
    }

    static (string, object?)[] Args(string project, IReadOnlyCollection<CounterName> names) => [("project", project), .. Names(names)];

    static (string, object?)[] Names(string project, IReadOnlyCollection<CounterName> names) => [("projects", names.Select(_ => project).ToArray()), .. Names(names)];

    static (string, object?)[] Names(IReadOnlyCollection<CounterName> names) =>
    [
        ("owners", names.Select(name => name.Owner).ToArray()), ("scopes", names.Select(name => name.Scope).ToArray()), ("wins", names.Select(name => name.Win).ToArray()),
    ];

    /// <summary>What counters that do not exist would hold.</summary>
    public static Task<Dictionary<UsageKey, Usage>> FromHistory(Database db, string project, IReadOnlyList<(UsageKey Key, string Owner)> keys, UsageCalendar calendar)
    {
        if (keys.Count == 0) return Task.FromResult(new Dictionary<UsageKey, Usage>());
        var questions = new Batch();
        foreach (var (key, owner) in keys) questions.Add(Of(owner, key).Count, Args(project, key, calendar));
        return db.Ask(questions, async rows =>
        {
            var found = new Dictionary<UsageKey, Usage>();
            foreach (var (key, _) in keys)
                found[key] = await rows.First(static row => new Usage(row.Number(0), row.Number(1), row.Number(2), row.Number(3), row.Number(4), row.Number(5)));
            return found;
        });
    }

    /// <summary>Makes a counter from the history, unless somebody else was faster.</summary>
    public static void Make(Batch batch, string project, UsageKey key, string owner, UsageCalendar calendar) => batch.Add(Of(owner, key).Make, Args(project, key, calendar));

    /// <summary>Adds to a counter that exists, as far as the limits allow.</summary>
    public static void Take(Batch batch, string project, UsageKey key, Usage takes, IEnumerable<UsageLimit> limits, UsageCalendar calendar)
    {
        var all = limits.ToArray();
        long Max(UsageMeasure measure) => all.Where(limit => limit.Measure == measure).Select(limit => limit.Max - takes.Of(measure)).DefaultIfEmpty(long.MaxValue).Min();
        batch.Guard(Refusals.ConcurrentUpdate, Add, ("project", project), ("owner", key.Owner), ("scope", key.Scope), ("win", calendar.Name(key.Window)),
            ("uses", takes.Uses), ("orders", takes.Orders), ("discounts", takes.Discounts), ("credits", takes.Credits), ("points", takes.Points), ("units", takes.Units),
            ("uses_max", Max(UsageMeasure.Uses)), ("orders_max", Max(UsageMeasure.Orders)), ("discounts_max", Max(UsageMeasure.Discounts)),
            ("credits_max", Max(UsageMeasure.Credits)), ("points_max", Max(UsageMeasure.Points)), ("units_max", Max(UsageMeasure.Units)))
            .At(Rank.LockedCounter, "");
    }

    /// <summary>
    /// Tells others that redemptions of these owners are on their way, or, for who makes counters, waits until none is;
    /// and makes sure that no rule has come that counts what nothing counted before. SQLite has one writer at a time anyway.
    /// </summary>
    /// <param name="batch">What is to be written; nothing before this.</param>
    /// <param name="dialect">Of the database.</param>
    /// <param name="project">The project.</param>
    /// <param name="counting">What <c>counting</c> was when the decision was made.</param>
    /// <param name="owners">Whose counters there may be.</param>
    /// <param name="makes">Whether counters are made.</param>
    public static void Enter(Batch batch, Dialect dialect, string project, long counting, IEnumerable<string> owners, bool makes)
    {
        if (dialect.IsPostgres)
        {
            string[] keys = [.. owners.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(owner => $"{project} {owner}")];
            batch.Named(Rank.CounterOwner, EnterShared, ("keys", makes ? [Whole(project)] : (string[])[Whole(project), .. keys]));
            if (makes) batch.Add(EnterAlone, ("keys", keys)).At(Rank.CounterOwner, "");
        }
        batch.Check(Refusals.ConcurrentUpdate, SameCounting, ("project", project), ("counting", counting)).At(Rank.Project, project);
    }

    /// <summary>
    /// Begins to count what nothing counted before: waits for the redemptions that are on their way, has those that were
    /// decided before decide again, and forgets counters of these kinds that were kept once.
    /// </summary>
    public static async Task Begin(DbConnection db, Dialect dialect, string project, string[] kinds)
    {
        await db.ExecuteAsync("UPDATE projects SET counting = counting + 1 WHERE id = @project", new { project });
        // Before any counter is touched: who is on its way may hold some.
        if (dialect.IsPostgres) await db.ExecuteAsync(EnterAlone, new { keys = new[] { Whole(project) } });
        foreach (var kind in kinds) await db.ExecuteAsync($"DELETE FROM usage_counters WHERE project_id = @project AND {UsageKinds.Condition(kind)}", new { project });
    }

    static string Whole(string project) => project + " ";

    const string SameCounting = "SELECT 1 FROM projects WHERE id = @project AND counting = @counting";
    const string EnterShared = "SELECT pg_advisory_xact_lock_shared(hashtextextended(k, 0)) FROM unnest(@keys) AS k";
    const string EnterAlone = "SELECT pg_advisory_xact_lock(hashtextextended(k, 0)) FROM unnest(@keys) AS k";

    const string OfProject = "u.project_id = k.project AND u.owner_id = k.owner AND u.scope = k.scope AND u.win = k.win";

    const string LockSome = $"""
        SELECT count(*) FROM unnest(@projects, @owners, @scopes, @wins) AS k(project, owner, scope, win) CROSS JOIN LATERAL (
            SELECT 1 FROM usage_counters u WHERE {OfProject} FOR UPDATE) AS locked
        """;

    /// <summary>Keeps others from counters until the batch ends.</summary>
    /// <param name="batch">What is to be written.</param>
    /// <param name="dialect">Of the database.</param>
    /// <param name="project">The project.</param>
    /// <param name="names">The counters in their order, which everybody keeps.</param>
    public static void Lock(Batch batch, Dialect dialect, string project, IReadOnlyCollection<CounterName> names)
    {
        if (dialect.IsPostgres && names.Count > 0) batch.Named(Rank.Counter, LockSome, Names(project, names));
    }

    static readonly Words KeepSome = Change(arg => $"""
        uses = uses + {arg}uses, {More("orders_amount", $"{arg}orders")}, {More("discounts", $"{arg}discounts")},
            {More("credits", $"{arg}credits")}, {More("points", $"{arg}points")}, units = units + {arg}units
        """);

    static readonly Words ReturnSome = Change(arg => $"""
        {Less("uses", $"{arg}uses")}, {Less("orders_amount", $"{arg}orders")}, {Less("discounts", $"{arg}discounts")},
            {Less("credits", $"{arg}credits")}, {Less("points", $"{arg}points")}, {Less("units", $"{arg}units")}
        """);

    // On PostgreSQL one statement changes all of them; on SQLite, which is in the process, each is changed by its own.
    // Each is found by its whole key, as above, and then by its place, which it keeps, as it is locked.
    static Words Change(Func<string, string> set) => new(dialect => dialect.IsPostgres
        ? $"""
            UPDATE usage_counters u SET {set("k.more_")}
            FROM (SELECT place, k.* FROM unnest(@projects, @owners, @scopes, @wins, @uses, @orders, @discounts, @credits, @points, @units)
                    AS k(project, owner, scope, win, more_uses, more_orders, more_discounts, more_credits, more_points, more_units)
                CROSS JOIN LATERAL (SELECT u.ctid AS place FROM usage_counters u WHERE {OfProject} OFFSET 0) found) k
            WHERE u.ctid = k.place
            """
        : $"UPDATE usage_counters SET {set("@")} WHERE project_id = @project AND owner_id = @owner AND scope = @scope AND win = @win");

    /// <summary>Adds to those of the counters that exist.</summary>
    public static void Keep(Batch batch, Dialect dialect, string project, SortedDictionary<CounterName, Usage> takes) => Change(batch, dialect, KeepSome, project, takes);

    /// <summary>Takes off those of the counters that exist what was taken.</summary>
    public static void GiveBack(Batch batch, Dialect dialect, string project, SortedDictionary<CounterName, Usage> taken) => Change(batch, dialect, ReturnSome, project, taken);

    static void Change(Batch batch, Dialect dialect, Words change, string project, SortedDictionary<CounterName, Usage> by)
    {
        if (by.Count == 0) return;
        var sql = change.In(dialect);
        if (!dialect.IsPostgres)
        {
            foreach (var (name, usage) in by)
                batch.Add(sql, ("project", project), ("owner", name.Owner), ("scope", name.Scope), ("win", name.Win),
                    ("uses", usage.Uses), ("orders", usage.Orders), ("discounts", usage.Discounts), ("credits", usage.Credits), ("points", usage.Points), ("units", usage.Units));
            return;
        }
        long[] Of(Func<Usage, long> number) => [.. by.Values.Select(number)];
        batch.Named(Rank.KeptCounter, sql,
        [
            .. Names(project, by.Keys), ("uses", Of(one => one.Uses)), ("orders", Of(one => one.Orders)), ("discounts", Of(one => one.Discounts)),
            ("credits", Of(one => one.Credits)), ("points", Of(one => one.Points)), ("units", Of(one => one.Units)),
        ]);
    }

    /// <summary>Notes units that a redemption takes of a budget.</summary>
    public static void NoteUnits(Batch batch, string project, string redemptionId, UsageKey key, long units) =>
        batch.Add("INSERT INTO redemption_units (project_id, owner_id, scope, redemption_id, units) VALUES (@project, @owner, @scope, @redemption, @units)",
            ("project", project), ("owner", key.Owner), ("scope", key.Scope), ("redemption", redemptionId), ("units", units));

    /// <summary>Which units redemptions took of which budgets.</summary>
    public static async Task<List<UnitsTaken>> UnitsOf(DbConnection db, Dialect dialect, string project, IReadOnlyCollection<string> redemptions) => (await db.QueryAsync<UnitsTaken>(
        $"SELECT redemption_id, owner_id, scope, units FROM redemption_units WHERE project_id = @project AND {dialect.Among("redemption_id", "@redemptions")}",
        new { project, redemptions = dialect.Texts(redemptions) })).AsList();
}

/// <summary>Units that a redemption took of a budget.</summary>
public sealed class UnitsTaken
{
    public string RedemptionId { get; init; } = "";
    public string OwnerId { get; init; } = "";
    public string Scope { get; init; } = "";
    public long Units { get; init; }
}

/// <summary>The key of a row of <c>usage_counters</c>. Their order is that in which everybody locks them.</summary>
/// <param name="Owner">The id of a campaign, voucher or tier.</param>
/// <param name="Scope">Whose uses.</param>
/// <param name="Win">The name of a window.</param>
readonly record struct CounterName(string Owner, string Scope, string Win) : IComparable<CounterName>
{
    /// <inheritdoc/>
    public int CompareTo(CounterName other)
    {
        var byOwner = string.CompareOrdinal(Owner, other.Owner);
        if (byOwner != 0) return byOwner;
        var byScope = string.CompareOrdinal(Scope, other.Scope);
        return byScope != 0 ? byScope : string.CompareOrdinal(Win, other.Win);
    }

    /// <summary>Every combination.</summary>
    public static IEnumerable<CounterName> Every(IEnumerable<string> owners, string[] scopes, string[] wins) =>
        owners.SelectMany(owner => scopes.SelectMany(scope => wins.Select(win => new CounterName(owner, scope, win))));
}

/// <summary>A row of <c>usage_counters</c>.</summary>
public sealed class UsageRow
{
    public string OwnerId { get; init; } = "";
    public string Scope { get; init; } = "";
    public string Win { get; init; } = "";
    public long Uses { get; init; }
    public long OrdersAmount { get; init; }
    public long Discounts { get; init; }
    public long Credits { get; init; }
    public long Points { get; init; }
    public long Units { get; init; }

    /// <summary>What was used.</summary>
    public Usage Usage => new(Uses, OrdersAmount, Discounts, Credits, Points, Units);
}
