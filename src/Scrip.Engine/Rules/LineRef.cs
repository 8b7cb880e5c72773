using Scrip.Engine.Carts;

namespace Scrip.Engine.Rules;

/// <summary>A product, SKU or collection that a rule names, by its id or by the caller's own.</summary>
/// <param name="Object"><c>product</c>, <c>sku</c>, <c>products_collection</c>; null means whichever has the id.</param>
internal sealed record LineRef(string? Id, string? SourceId, string? Object)
{
    public const string Product = "product";
    public const string Sku = "sku";
    public const string Collection = "products_collection";

    public string Shown => (Id ?? SourceId)!;

    /// <summary>A product covers its SKUs, a SKU only itself, a collection what is in it.</summary>
    public bool Names(CartLine line) =>
        (Id is not null && ((Object is null or Product && line.ProductId == Id)
            || (Object is null or Sku && line.SkuId == Id)
            || (Object is null or Collection && line.Collections.Contains(Id))))
        || (SourceId is not null && line.SourceId == SourceId && Object is not Collection
            && (Object is null || line.RelatedObject is null || (line.RelatedObject == RelatedObject.Sku) == (Object == Sku)));
}
