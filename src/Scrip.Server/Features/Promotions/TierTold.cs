namespace Scrip.Server.Features.Promotions;

/// <summary>What is told of a tier that was made, changed or deleted; its campaign is added later.</summary>
public sealed record TierTold(PromotionTier PromotionTier);

/// <summary>What is told of a stack that was made or changed.</summary>
public sealed record StackTold(PromotionStack PromotionStack);
