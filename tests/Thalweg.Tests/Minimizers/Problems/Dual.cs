namespace Thalweg.Tests.Minimizers.Problems;

/// <summary>A number with its derivative along one direction: derivatives of written equations without writing them.</summary>
internal readonly record struct Dual(double Value, double Slope)
{
    public static implicit operator Dual(double value) => new(value, 0);

    public static Dual operator +(Dual a, Dual b) => new(a.Value + b.Value, a.Slope + b.Slope);

    public static Dual operator -(Dual a, Dual b) => new(a.Value - b.Value, a.Slope - b.Slope);

    public static Dual operator -(Dual a) => new(-a.Value, -a.Slope);

    public static Dual operator *(Dual a, Dual b) => new(a.Value * b.Value, (a.Slope * b.Value) + (a.Value * b.Slope));

    public static Dual operator /(Dual a, Dual b) => new(a.Value / b.Value, (a.Slope - (a.Value / b.Value * b.Slope)) / b.Value);

    public static Dual Square(Dual a) => a * a;

    public static Dual Cube(Dual a) => a * a * a;

    public static Dual Exp(Dual a) => new(Math.Exp(a.Value), Math.Exp(a.Value) * a.Slope);

    public static Dual Log(Dual a) => new(Math.Log(a.Value), a.Slope / a.Value);

    public static Dual Sin(Dual a) => new(Math.Sin(a.Value), Math.Cos(a.Value) * a.Slope);

    public static Dual Cos(Dual a) => new(Math.Cos(a.Value), -Math.Sin(a.Value) * a.Slope);

    public static Dual Sqrt(Dual a) => new(Math.Sqrt(a.Value), a.Slope / (2 * Math.Sqrt(a.Value)));

    public static Dual Atan(Dual a) => new(Math.Atan(a.Value), a.Slope / (1 + (a.Value * a.Value)));

    public static Dual Abs(Dual a) => a.Value < 0 ? -a : a;

    public static Dual Sum(IEnumerable<Dual> terms) => terms.Aggregate((Dual)0, (a, b) => a + b);

    public static Dual Sum(int first, int last, Func<int, Dual> term) =>
        Sum(Enumerable.Range(first, Math.Max(0, last - first + 1)).Select(term));
}
