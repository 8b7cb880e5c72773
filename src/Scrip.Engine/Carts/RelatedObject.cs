namespace Scrip.Engine.Carts;

/// <summary>What a line's or a free unit's source id names: <c>product</c> or <c>sku</c> in the API.</summary>
public enum RelatedObject
{
    /// <summary>A product, which covers all its SKUs.</summary>
    Product,

    /// <summary>One SKU of a product.</summary>
    Sku,
}
