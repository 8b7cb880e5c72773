namespace Scrip.Server.Platform.Data;

/// <summary>
/// When a statement takes its locks. Whoever takes several takes them in this order, or two could wait for each other; so
/// batches that are written in one transaction are brought into it.
/// </summary>
/// <param name="Rank">Which kind of rows.</param>
/// <param name="Key">Which of them.</param>
public readonly record struct Turn(Rank Rank, string Key)
{
    /// <summary>Whether another has to wait for this one.</summary>
    public bool IsBefore(Turn other) => Rank != other.Rank ? Rank < other.Rank : string.CompareOrdinal(Key, other.Key) < 0;
}

/// <summary>
/// The kinds of rows in the order in which everybody locks them. What many want comes last, so that it is locked for as short
/// as can be: a code that everybody redeems is taken when all that is to be written about it is written.
/// </summary>
public enum Rank
{
    /// <summary>An idempotency key.</summary>
    IdempotencyKey,

    /// <summary>Whose usage counters may be made meanwhile; see <c>UsageSql.Enter</c>.</summary>
    CounterOwner,

    /// <summary>What a project counts.</summary>
    Project,

    /// <summary>A new customer.</summary>
    NewCustomer,

    /// <summary>A new order.</summary>
    NewOrder,

    /// <summary>Nothing that anybody else could want: a new row under a fresh id.</summary>
    Nothing,

    /// <summary>A customer.</summary>
    Customer,

    /// <summary>An order.</summary>
    Order,

    /// <summary>A voucher, and what sessions hold of it.</summary>
    Voucher,

    /// <summary>Usage counters, which are locked by one statement before any is changed.</summary>
    Counter,

    /// <summary>Usage counters that are locked.</summary>
    LockedCounter,

    /// <summary>Usage counters that are locked and that no limit of the batch looks at.</summary>
    KeptCounter,
}
