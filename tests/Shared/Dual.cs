namespace Thalweg.Tests.Shared;

/// <summary>A number and its derivative in one direction: a definition written once gives both, exactly.</summary>
internal readonly record struct Dual(Exact Value, Exact Slope)
{
    public static implicit operator Dual(double value) => new(value, 0);

    public static Dual operator +(Dual a, Dual b) => new(a.Value + b.Value, a.Slope + b.Slope);

    public static Dual operator -(Dual a) => new(-a.Value, -a.Slope);

    public static Dual operator -(Dual a, Dual b) => new(a.Value - b.Value, a.Slope - b.Slope);

    public static Dual operator *(Dual a, Dual b) => new(a.Value * b.Value, (a.Value * b.Slope) + (a.Slope * b.Value));

    public static Dual operator /(Dual a, Dual b)
    {
        Exact quotient = a.Value / b.Value;
        return new(quotient, (a.Slope - (quotient * b.Slope)) / b.Value);
    }

    public static bool operator <(Dual a, Dual b) => a.Value < b.Value;

    public static bool operator >(Dual a, Dual b) => a.Value > b.Value;

    /// <summary>|x|, with slope 0 at 0.</summary>
    public Dual Abs() => Value.Sign == 0 ? 0 : Value.Sign < 0 ? -this : this;

    /// <summary>The square root, with slope 0 at 0.</summary>
    public Dual Sqrt()
    {
        Exact root = Value.Sqrt();
        return root.Sign == 0 ? 0 : new Dual(root, Slope / (2 * root));
    }

    public Dual Exp()
    {
        Exact e = Value.Exp();
        return new(e, Slope * e);
    }

    public Dual Log() => new(Value.Log(), Slope / Value);

    public Dual Erf() => new(Value.Erf(), Slope * 2 / Exact.Pi.Sqrt() * (-Value * Value).Exp());

    /// <summary>x^p for x above 0; 0, with slope 0, at 0.</summary>
    public Dual Power(double p) => Value.Sign == 0 ? 0 : (p * Log()).Exp();

    public static Dual Sum(IEnumerable<Dual> numbers) => numbers.Aggregate((Dual)0, (a, b) => a + b);

    /// <summary>The largest; those that tie share the slope.</summary>
    public static Dual Max(IReadOnlyList<Dual> numbers)
    {
        Dual largest = numbers.Aggregate((a, b) => b > a ? b : a);
        Dual[] ties = [.. numbers.Where(x => (x.Value - largest.Value).Sign == 0)];
        return new(largest.Value, Sum(ties).Slope / ties.Length);
    }
}
