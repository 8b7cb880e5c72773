using Scrip.Engine.Carts;

namespace Scrip.Engine.Discounts;

/// <summary>A line that an item-level effect reaches, and how much of it.</summary>
/// <param name="Index">The line's index in the cart.</param>
/// <param name="Units">Units that are discounted: 1 to the line's quantity.</param>
/// <param name="Value">Minor units left of those units.</param>
/// <param name="Initial">Minor units of those units before all discounts.</param>
/// <param name="Target">The included target that reaches it; null when none is named.</param>
/// <param name="Place">The place of that target among the included ones; -1 without one.</param>
/// <param name="Offset">Units of this target on lines before it, where units are counted.</param>
internal readonly record struct PlannedLine(int Index, long Units, long Value, long Initial, Target? Target, int Place, long Offset)
{
    /// <summary>Targets of other rules whose limits count as well; null for most.</summary>
    public Target[]? Others { get; init; }

    /// <summary>Minor units this discount took of it already, in earlier rounds of a split.</summary>
    public long Taken { get; init; }

    /// <summary>The most this line is still discounted by, as far as its targets say.</summary>
    public long Cap
    {
        get
        {
            var cap = Target?.AmountLimit ?? long.MaxValue;
            foreach (var other in Others ?? []) cap = Math.Min(cap, other.AmountLimit ?? long.MaxValue);
            return cap - Taken;
        }
    }
}

/// <summary>
/// Works out which lines and units item-level effects reach, in the order in which they are reached: by target,
/// within a target by the cart's order or by unit price. A line belongs to the first target that covers it.
/// </summary>
internal static class Plan
{
    /// <summary>The plan for a cart.</summary>
    /// <param name="cart">The cart.</param>
    /// <param name="targets">What may be touched.</param>
    /// <param name="closed">Indices of lines that may not.</param>
    /// <param name="factor">What limits of units are multiplied by.</param>
    /// <param name="room">What budgets of units have left; null when none count.</param>
    public static List<PlannedLine> Of(Cart cart, Targets targets, IReadOnlySet<int> closed, long factor = 1, UnitBudgets.Room? room = null)
    {
        var plan = targets.Included.Count == 0 ? Open(cart, targets, closed, null) : Named(cart, targets, closed, factor, room);
        return targets.Also is { } also ? Both(plan, Of(cart, also, closed, factor, room), cart) : plan;
    }

    private static List<PlannedLine> Open(Cart cart, Targets targets, IReadOnlySet<int> closed, bool[]? claimed)
    {
        var plan = new List<PlannedLine>(cart.Lines.Count);
        for (var i = 0; i < cart.Lines.Count; i++)
        {
            var line = cart.Lines[i];
            if (line.Left == 0 || claimed?[i] == true || !targets.Cover(line) || (closed.Count > 0 && closed.Contains(i))) continue;
            plan.Add(new(i, line.Quantity, line.Left, line.Amount ?? 0, null, -1, 0));
        }
        return plan;
    }

    private static List<PlannedLine> Named(Cart cart, Targets targets, IReadOnlySet<int> closed, long factor, UnitBudgets.Room? room)
    {
        var plan = new List<PlannedLine>(cart.Lines.Count);
        var claimed = new bool[cart.Lines.Count];
        for (var place = 0; place < targets.Included.Count; place++)
        {
            var target = targets.Included[place];
            var lines = Sorted(cart, target, Matching(cart, targets, target, closed, claimed));
            Select(cart, target, place, lines, factor, plan, target.Budgets.Count > 0 ? room : null);
        }
        // What includes everything and names some has limits for those it names.
        if (targets.Everywhere) plan.AddRange(Open(cart, targets, closed, claimed));
        return plan;
    }

    // A line without an amount is never reached and counts for nothing.
    private static List<int> Matching(Cart cart, Targets targets, Target target, IReadOnlySet<int> closed, bool[] claimed)
    {
        var found = new List<int>();
        for (var i = 0; i < claimed.Length; i++)
        {
            var line = cart.Lines[i];
            if (claimed[i] || line.Amount is null or 0 || line.Quantity == 0 || closed.Contains(i) || !target.Covers(line) || !targets.Cover(line)) continue;
            claimed[i] = true;
            found.Add(i);
        }
        return found;
    }

    private static IEnumerable<int> Sorted(Cart cart, Target target, List<int> lines) => target.Effect switch
    {
        TargetEffect.Cheapest or TargetEffect.FromCheapest => lines.OrderBy(i => UnitPrice(cart.Lines[i])),
        TargetEffect.MostExpensive or TargetEffect.FromMostExpensive => lines.OrderByDescending(i => UnitPrice(cart.Lines[i])),
        _ => lines,
    };

    private static decimal UnitPrice(CartLine line) => line.Price ?? (decimal)line.Amount!.Value / line.Quantity;

    private static void Select(Cart cart, Target target, int place, IEnumerable<int> lines, long factor, List<PlannedLine> plan, UnitBudgets.Room? room)
    {
        var alone = target.Effect is TargetEffect.Cheapest or TargetEffect.MostExpensive;
        var left = Times(target.AggregatedQuantityLimit, factor);
        long counted = 0;
        foreach (var i in lines)
        {
            var line = cart.Lines[i];
            var before = counted;
            counted += target.CountsUnits ? line.Quantity : 1;
            var hits = Hits(counted, target) - Hits(before, target);
            if (hits == 0) continue;
            var units = target.CountsUnits ? (alone ? 1 : hits) : line.Quantity;
            units = Math.Min(Math.Min(units, Times(target.QuantityLimit, factor)), left);
            if (units <= 0) return;
            if (room is not null) units = Math.Min(units, room.Left(target, line));
            room?.Plan(target, line, units);
            left -= units;
            if (units == 0)
            {
                if (alone) return;
                continue;
            }
            plan.Add(Part(i, line, units, target, place, before));
            if (alone) return;
        }
    }

    /// <summary>How many of the first so many places are hit: after the skipped ones, every n-th.</summary>
    internal static long Hits(long places, Target target) =>
        places <= target.SkipInitially ? 0 : ((places - target.SkipInitially - 1) / target.Repeat) + 1;

    private static long Times(long? limit, long factor) => limit is { } value ? Money.Times(value, factor) ?? long.MaxValue : long.MaxValue;

    private static PlannedLine Part(int index, CartLine line, long units, Target? target, int place, long offset) => units >= line.Quantity
        ? new(index, line.Quantity, line.Left, line.Amount ?? 0, target, place, offset)
        : new(index, units, Share(line.Left, units, line.Quantity), Share(line.Amount ?? 0, units, line.Quantity), target, place, offset);

    private static long Share(long amount, long units, long quantity) => Money.Round((decimal)amount * units / quantity);

    // What both rules reach, as far as each of them does.
    private static List<PlannedLine> Both(List<PlannedLine> plan, List<PlannedLine> other, Cart cart)
    {
        var found = new List<PlannedLine>(plan.Count);
        foreach (var one in plan)
        {
            var at = other.FindIndex(two => two.Index == one.Index);
            if (at < 0) continue;
            var (theirs, units) = (other[at], Math.Min(one.Units, other[at].Units));
            var leads = one.Target is null ? theirs : one;
            Target[]? others = leads.Target == theirs.Target || theirs.Target is null ? theirs.Others : [theirs.Target, .. theirs.Others ?? []];
            found.Add(Part(one.Index, cart.Lines[one.Index], units, leads.Target, leads.Place, leads.Offset) with { Others = others });
        }
        return found;
    }
}
