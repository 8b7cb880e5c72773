namespace Scrip.Server.Features.Snapshots;

/// <summary>
/// What a feature works out of a snapshot when it is first asked for. The next snapshot starts from it and from what
/// changed, so that a change costs its own size and not that of the project. It keeps no older snapshot alive.
/// </summary>
sealed class Derived
{
    const int ChangesMax = 2000;

    readonly Lock making = new();
    volatile object? made;
    object? earlier;
    SnapshotChanges? since;

    /// <summary>What was worked out.</summary>
    /// <param name="make">Works it out of the whole snapshot.</param>
    /// <param name="follow">Works it out of what an older snapshot had, and of what changed.</param>
    public T Get<T>(Func<T> make, Func<T, SnapshotChanges, T> follow) where T : class
    {
        if (made is T known) return known;
        lock (making)
        {
            if (made is T other) return other;
            var fresh = earlier is T before ? follow(before, since!) : make();
            (made, earlier, since) = (fresh, null, null);
            return fresh;
        }
    }

    /// <summary>That of the next snapshot.</summary>
    public Derived After(SnapshotChanges changes)
    {
        lock (making)
        {
            if (made is { } known) return new Derived { earlier = known, since = changes };
            if (earlier is null || since!.Count + changes.Count > ChangesMax) return new Derived();
            return new Derived { earlier = earlier, since = since.And(changes) };
        }
    }
}

/// <summary>The ids of what was made, changed or deleted between two snapshots.</summary>
/// <param name="Campaigns">Campaigns.</param>
/// <param name="Tiers">Promotion tiers.</param>
/// <param name="Stacks">Promotion stacks.</param>
/// <param name="Rules">Validation rules.</param>
/// <param name="Assigned">Campaigns and tiers whose rules are others.</param>
/// <param name="Categories">Categories.</param>
sealed record SnapshotChanges(
    IReadOnlySet<string> Campaigns, IReadOnlySet<string> Tiers, IReadOnlySet<string> Stacks,
    IReadOnlySet<string> Rules, IReadOnlySet<string> Assigned, IReadOnlySet<string> Categories)
{
    /// <summary>How many there are.</summary>
    public int Count => Campaigns.Count + Tiers.Count + Stacks.Count + Rules.Count + Assigned.Count + Categories.Count;

    /// <summary>These and later ones.</summary>
    public SnapshotChanges And(SnapshotChanges later) => new(
        Both(Campaigns, later.Campaigns), Both(Tiers, later.Tiers), Both(Stacks, later.Stacks),
        Both(Rules, later.Rules), Both(Assigned, later.Assigned), Both(Categories, later.Categories));

    static HashSet<string> Both(IReadOnlySet<string> one, IReadOnlySet<string> other)
    {
        var both = new HashSet<string>(one, StringComparer.Ordinal);
        both.UnionWith(other);
        return both;
    }
}
