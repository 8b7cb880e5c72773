namespace Scrip.Engine.Redeeming;

/// <summary>Which endpoint asked: only one of them takes a stack apart.</summary>
public enum RollbackScope
{
    /// <summary><c>/redemptions/{id}/rollback</c>: a single redemption.</summary>
    Single,

    /// <summary><c>/redemptions/{id}/rollbacks</c>: a single redemption or the parent of a stack.</summary>
    Stack,
}

/// <summary>One redemption that may be rolled back.</summary>
/// <param name="RedemptionId">Its id.</param>
/// <param name="Credits">Gift credits it took, in minor units; null for anything but a gift card.</param>
public sealed record Redeemed(string RedemptionId, long? Credits = null);

/// <summary>What rolling back depends on.</summary>
/// <param name="Scope">Which endpoint asked.</param>
/// <param name="Succeeded">Whether the redemption was a success.</param>
/// <param name="RolledBack">Whether it was rolled back before.</param>
/// <param name="IsChild">True for a part of a stack, which goes only with its parent.</param>
/// <param name="IsParent">True for the parent of a stack.</param>
/// <param name="Redemptions">The single redemption itself, or the children of the parent.</param>
public sealed record RollbackFacts(
    RollbackScope Scope, bool Succeeded, bool RolledBack, bool IsChild, bool IsParent, IReadOnlyList<Redeemed> Redemptions);

/// <summary>What one redemption gives back.</summary>
/// <param name="RedemptionId">The redemption that is undone.</param>
/// <param name="Quantity">Uses given back to the voucher: always 1.</param>
/// <param name="Credits">Credits given back to the card, in minor units; null for anything but a gift card.</param>
public sealed record Restoration(string RedemptionId, long Quantity, long? Credits);

/// <summary>The answer to a rollback: a refusal, or what is given back.</summary>
public sealed record RollbackDecision(Refusal? Refusal, IReadOnlyList<Restoration> Restorations);

/// <summary>Decides what a rollback gives back. Everything a redemption took is given back, once.</summary>
public static class RollingBack
{
    /// <summary>Decides; refusals come in the order of <see cref="Refusals"/>.</summary>
    public static RollbackDecision Decide(RollbackFacts facts)
    {
        var refusal =
            facts.IsParent && facts.Scope == RollbackScope.Single ? Refusals.InvalidRedemption
            : facts.IsChild ? Refusals.InvalidRedemptionParent
            : facts.RolledBack ? Refusals.AlreadyRolledBack
            : !facts.Succeeded ? Refusals.FailedRedemption
            : null;
        return refusal is not null
            ? new(refusal, [])
            : new(null, [.. facts.Redemptions.Select(one => new Restoration(one.RedemptionId, 1, one.Credits))]);
    }
}
