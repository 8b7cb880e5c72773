using CsCheck;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;

namespace Scrip.Engine.Tests.Discounts;

/// <summary>The engine against the <see cref="Reference"/>, and what holds for every cart with targets. A failure prints its seed.</summary>
public class ReferenceProperties
{
    private static readonly Gen<long?> SmallLimit = Gen.Frequency((4, Gen.Const((long?)null)), (1, Gen.Long[1, 5].Select(n => (long?)n)));

    private static readonly Gen<long?> AmountLimit = Gen.Frequency((4, Gen.Const((long?)null)), (1, Gen.Long[1, 1_500].Select(n => (long?)n)));

    private static readonly Gen<long> Price = Gen.Frequency((1, Gen.Const(0L)), (3, Gen.Long[1, 20]), (6, Gen.Long[1, 3_000]));

    private static readonly Gen<CartLine> Line =
        from product in Gen.OneOfConst("a", "b", "c")
        from sku in Gen.OneOfConst(null, null, "1", "2")
        from collection in Gen.OneOfConst(null, "x", "y")
        from quantity in Gen.Long[0, 5]
        from price in Price
        from known in Gen.Int[0, 9]
        select new CartLine
        {
            ProductId = product,
            SkuId = sku is null ? null : product + sku,
            Collections = collection is null ? new HashSet<string>() : new HashSet<string> { collection },
            Quantity = quantity,
            Price = known < 2 ? null : price,
            Amount = known == 1 ? price : null,
        };

    private static readonly Gen<Cart> Carts =
        from lines in Line.Array[1, 6]
        from given in Gen.Frequency((6, Gen.Const((long?)null)), (1, Gen.Long[0, 9_000].Select(amount => (long?)amount)))
        from earlier in Gen.Frequency((4, Gen.Const(0L)), (1, Gen.Long[0, 5_000]))
        select Cart.Open(lines, given, earlier).Cart!;

    private static readonly Gen<Target> Named = Gen.OneOf(
        Gen.OneOfConst("a", "b", "c").Select(id => new Target(TargetKind.Product, id)),
        Gen.OneOfConst("a1", "b2").Select(id => new Target(TargetKind.Sku, id)),
        Gen.OneOfConst("x", "y").Select(id => new Target(TargetKind.Collection, id)));

    private static readonly Gen<Target> Included =
        from target in Named
        from effect in Gen.Int[0, 4]
        from counting in Gen.Select(Gen.Bool, Gen.Long[0, 3], Gen.Long[1, 4])
        from units in Gen.Select(SmallLimit, SmallLimit)
        from amounts in Gen.Select(AmountLimit, AmountLimit)
        from price in AmountLimit
        select target with
        {
            Effect = (TargetEffect)effect,
            CountsUnits = counting.Item1,
            SkipInitially = counting.Item2 == 3 ? 2 : counting.Item2 / 2,
            Repeat = counting.Item3 == 4 ? 1 : counting.Item3,
            QuantityLimit = units.Item1,
            AggregatedQuantityLimit = units.Item2,
            AmountLimit = amounts.Item1,
            AggregatedAmountLimit = amounts.Item2,
            Price = price,
        };

    private static readonly Gen<Targets> AnyTargets = Gen.Select(Included.Array[0, 3], Gen.Frequency((3, Gen.Const(Array.Empty<Target>())), (1, Named.Array[1])),
        (included, excluded) => new Targets(included, excluded));

    private static readonly Gen<DiscountEffect?> Effect = Gen.Int[-1, 4].Select(n => n < 0 ? null : (DiscountEffect?)n);

    private static readonly Gen<DiscountEffect?> SimpleEffect = Gen.Int[-1, 1].Select(n => n < 0 ? null : (DiscountEffect?)n);

    private static readonly Gen<FreeUnit> Unit =
        from product in Gen.OneOfConst("a", "b", "z")
        from sku in Gen.OneOfConst(null, null, "1")
        from count in Gen.Long[0, 4]
        from price in Gen.Frequency((4, Price.Select(price => (long?)price)), (1, Gen.Const((long?)null)))
        from effect in Gen.Int[0, 2]
        from collection in Gen.OneOfConst(null, "x")
        select new FreeUnit { CollectionId = effect == 2 ? collection : null, ProductId = product, SkuId = sku is null ? null : product + sku, Count = count, Price = price, Effect = (UnitEffect)effect };

    private static readonly Gen<Discount> Discounts = Gen.Frequency(
        (4, Gen.Select(Gen.Long[0, 2_000], Effect, AmountLimit, Discount (amount, effect, all) => new AmountOff(amount, effect, all))),
        (3, Gen.Select(Gen.Int[0, 1_000], SimpleEffect, AmountLimit, AmountLimit, Discount (percent, effect, limit, all) => new PercentOff(percent / 10m, effect, limit, all))),
        (2, Gen.Select(Price, SimpleEffect, Discount (price, effect) => new FixedPrice(price, effect))),
        (1, Unit.Array[1, 3].Select(Discount (units) => new UnitOff(units))));

    private static readonly Gen<DiscountTerms> Terms =
        from bundles in Gen.Frequency((3, Gen.Const(1L)), (1, Gen.Long[2, 3]))
        from ofInitial in Gen.Bool
        from closed in Gen.Frequency((3, Gen.Const(-1)), (1, Gen.Int[0, 5]))
        select new DiscountTerms { Bundles = bundles, OfInitialAmount = ofInitial, Closed = closed < 0 ? new HashSet<int>() : new HashSet<int> { closed } };

    // A step is a discount, or gift credits where those are given.
    private static readonly Gen<Step> Steps =
        from discount in Discounts
        from targets in AnyTargets
        from terms in Terms
        from credits in Gen.Frequency((6, Gen.Const(-1L)), (1, Gen.Long[0, 3_000]))
        from items in Gen.Bool
        select new Step(discount, targets, terms, credits, items ? GiftEffect.ApplyToItems : GiftEffect.ApplyToOrder);

    /// <summary>One step of a stack; <paramref name="Credits"/> is -1 for a discount.</summary>
    private sealed record Step(Discount Discount, Targets Targets, DiscountTerms Terms, long Credits, GiftEffect Gift)
    {
        public DiscountTerms On(Cart cart) => Terms with { Closed = Terms.Closed.Where(i => i < cart.Lines.Count).ToHashSet() };
    }

    [Fact]
    public void The_engine_calculates_what_the_documentation_says() => Gen.Select(Carts, Steps.Array[1, 4]).Sample((cart, steps) =>
    {
        var order = ReferenceOrder.Of(cart);
        foreach (var step in steps)
        {
            var terms = step.On(cart);
            if (step.Credits >= 0)
            {
                Reference.Gift(order, step.Credits, step.Gift, step.Targets, terms);
                cart = GiftCredits.Apply(cart, step.Credits, step.Gift, step.Targets, terms);
            }
            else
            {
                Reference.Apply(order, step.Discount, step.Targets, terms);
                cart = Discounting.Apply(cart, step.Discount, step.Targets, terms).Cart;
            }
            cart.Lines.Select(line => (line.Quantity, line.Amount, line.DiscountAmount)).ShouldBe(order.Lines.Select(line => (line.Quantity, line.Amount, line.Off)));
            (cart.Amount, cart.InitialAmount, cart.DiscountAmount).ShouldBe((order.Amount, order.Initial, order.Off));
        }
    }, iter: 100_000);

    [Fact]
    public void Lines_add_up_and_nothing_is_negative_or_above_its_price() => Gen.Select(Carts, Steps.Array[1, 4]).Sample((cart, steps) =>
    {
        foreach (var step in steps)
        {
            var before = cart;
            cart = Discounting.Apply(cart, step.Discount, step.Targets, step.On(cart)).Cart;
            foreach (var line in cart.Lines)
            {
                line.DiscountAmount.ShouldBeInRange(0, line.Amount ?? 0);
                line.DiscountQuantity.ShouldBeInRange(0, line.Quantity);
                line.AppliedDiscountAmount.ShouldBeGreaterThanOrEqualTo(0);
            }
            cart.TotalAmount.GetValueOrDefault().ShouldBeGreaterThanOrEqualTo(0);
            cart.ItemsDiscountAmount.ShouldBe(cart.Lines.Sum(line => line.DiscountAmount));
            cart.TotalAppliedDiscountAmount.ShouldBe(cart.TotalDiscountAmount - before.TotalDiscountAmount);
            if (cart.Amount is { } amount) (cart.TotalAmount + cart.TotalDiscountAmount).ShouldBe(amount);
        }
    }, iter: 20_000);

    [Fact]
    public void Targets_tell_the_lines_and_units_that_were_discounted() => Gen.Select(Carts, Steps).Sample((cart, step) =>
    {
        var applied = Discounting.Apply(cart, step.Discount, step.Targets, step.On(cart));
        var lines = applied.Targets.SelectMany(use => use.Lines).ToList();
        lines.ShouldBeUnique();
        if (applied.Targets.Count > 0)
            lines.Order().ShouldBe(Enumerable.Range(0, applied.Cart.Lines.Count).Where(i => applied.Cart.Lines[i].AppliedDiscountAmount > 0));
        foreach (var use in applied.Targets)
        {
            use.Units.Select(units => units.Line).ShouldBe(step.Targets.Included[use.Index].CountsUnits ? use.Lines : []);
            foreach (var units in use.Units)
            {
                var line = applied.Cart.Lines[units.Line];
                units.Units.ShouldBeUnique();
                foreach (var number in units.Units) ((long)number).ShouldBeInRange(1, line.Quantity);
                (units.Units.Count == line.AppliedDiscountQuantity || (line.AppliedDiscountQuantity == 0 && units.Units.Count == line.Quantity))
                    .ShouldBeTrue($"{units.Units.Count} units told, {line.AppliedDiscountQuantity} of {line.Quantity} discounted");
            }
        }
    }, iter: 20_000);

    [Fact]
    public void Limits_of_units_and_amounts_are_never_exceeded() => Gen.Select(Carts, Steps).Sample((cart, step) =>
    {
        var applied = Discounting.Apply(cart, step.Discount, step.Targets, step.On(cart));
        var factor = step.Discount is PercentOff ? 1 : step.Terms.Bundles;
        foreach (var use in applied.Targets)
        {
            var target = step.Targets.Included[use.Index];
            var lines = use.Lines.Select(i => applied.Cart.Lines[i]).ToList();
            foreach (var line in lines)
            {
                line.AppliedDiscountAmount.ShouldBeLessThanOrEqualTo(target.AmountLimit ?? long.MaxValue);
                line.AppliedDiscountQuantity.ShouldBeLessThanOrEqualTo(target.QuantityLimit * factor ?? long.MaxValue);
            }
            lines.Sum(line => line.AppliedDiscountAmount).ShouldBeLessThanOrEqualTo(target.AggregatedAmountLimit ?? long.MaxValue);
            lines.Sum(line => line.AppliedDiscountQuantity).ShouldBeLessThanOrEqualTo(target.AggregatedQuantityLimit * factor ?? long.MaxValue);
            if (target.Effect is TargetEffect.Cheapest or TargetEffect.MostExpensive) lines.Count.ShouldBeLessThanOrEqualTo(1);
        }
    }, iter: 20_000);
}
