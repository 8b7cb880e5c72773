using Scrip.Engine.Carts;
using Scrip.Engine.Facts;

namespace Scrip.Engine.Earning;

/// <summary>What happened, as far as points follow from it.</summary>
/// <param name="Situation">When it happened, to whom, and the attributes of the order.</param>
/// <param name="Cart">The order that was paid; null when something else happened.</param>
/// <param name="EventMetadata">Custom attributes of a custom event.</param>
public sealed record EarningFacts(Situation Situation, Cart? Cart, Metadata EventMetadata);
