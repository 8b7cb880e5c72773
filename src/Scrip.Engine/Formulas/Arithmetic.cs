namespace Scrip.Engine.Formulas;

/// <summary>Arithmetic on decimals that answers null where there is no answer: division by zero, overflow, wrong digits.</summary>
static class Arithmetic
{
    /// <summary>The largest exponent, either sign.</summary>
    public const int PowerMax = 1_000;

    /// <summary>Digits that a decimal can be rounded to, either sign.</summary>
    public const int DigitsMax = 28;

    /// <summary>a + b.</summary>
    public static decimal? Add(decimal? a, decimal? b) => Try(a, b, static (a, b) => a + b);

    /// <summary>a − b.</summary>
    public static decimal? Subtract(decimal? a, decimal? b) => Try(a, b, static (a, b) => a - b);

    /// <summary>a × b.</summary>
    public static decimal? Multiply(decimal? a, decimal? b) => Try(a, b, static (a, b) => a * b);

    /// <summary>a ÷ b.</summary>
    public static decimal? Divide(decimal? a, decimal? b) => b == 0 ? null : Try(a, b, static (a, b) => a / b);

    /// <summary>What is left of a after dividing by b; it has the sign of a.</summary>
    public static decimal? Modulo(decimal? a, decimal? b) => b == 0 ? null : Try(a, b, static (a, b) => a % b);

    /// <summary>a to the power of a whole number.</summary>
    public static decimal? Power(decimal? a, decimal? exponent)
    {
        if (a is not { } root || exponent is not { } power || power != decimal.Truncate(power) || Math.Abs(power) > PowerMax) return null;
        if (power < 0 && root == 0) return null;
        return Try(root, power, static (root, power) =>
        {
            // The reciprocal comes last: the powers of 1/3 would carry its rounding along.
            var left = (int)Math.Abs(power);
            var result = 1m;
            while (true)
            {
                if ((left & 1) == 1) result *= root;
                left >>= 1;
                if (left == 0) break;
                root *= root;
            }
            return power < 0 ? 1 / result : result;
        });
    }

    /// <summary>Rounds half away from zero; a negative number of digits rounds to tens, hundreds and so on.</summary>
    public static decimal? Round(decimal? value, decimal? digits) => To(value, digits, MidpointRounding.AwayFromZero);

    /// <summary>Rounds down.</summary>
    public static decimal? Floor(decimal? value, decimal? digits) => To(value, digits, MidpointRounding.ToNegativeInfinity);

    /// <summary>Rounds up.</summary>
    public static decimal? Ceil(decimal? value, decimal? digits) => To(value, digits, MidpointRounding.ToPositiveInfinity);

    private static decimal? To(decimal? value, decimal? digits, MidpointRounding way)
    {
        if (value is not { } number || digits is not { } places || places != decimal.Truncate(places) || Math.Abs(places) > DigitsMax) return null;
        var count = (int)places;
        if (count >= 0) return Try(number, count, (number, _) => decimal.Round(number, count, way));
        var unit = 1m;
        for (var i = 0; i < -count; i++) unit *= 10;
        return Try(number, unit, (number, unit) => Whole(number, unit, way) * unit);
    }

    // Division may round a tiny rest away, so the rest itself says where the number lies between two units.
    private static decimal Whole(decimal number, decimal unit, MidpointRounding way)
    {
        var rest = number % unit;
        var whole = (number - rest) / unit;
        return way switch
        {
            MidpointRounding.ToNegativeInfinity => rest < 0 ? whole - 1 : whole,
            MidpointRounding.ToPositiveInfinity => rest > 0 ? whole + 1 : whole,
            _ => Math.Abs(rest) * 2 >= unit ? whole + Math.Sign(rest) : whole,
        };
    }

    private static decimal? Try(decimal? a, decimal? b, Func<decimal, decimal, decimal> make)
    {
        try
        {
            return a is { } first && b is { } second ? make(first, second) : null;
        }
        catch (Exception gone) when (gone is OverflowException or DivideByZeroException)
        {
            return null;
        }
    }
}
