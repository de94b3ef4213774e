using System.Numerics;

namespace Thalweg.Tests.Shared;

/// <summary>A number mantissa 2^exponent with 1,152 bits and no limit to its size: the slow, plain arithmetic that results
/// are held against.</summary>
internal readonly struct Exact
{
    private const int Bits = 1152;

    private static readonly Exact s_ln2 = Series(n => new Exact(1) / new Exact((double)n) / PowerOfTwo(n), 1200);

    private readonly BigInteger _mantissa;
    private readonly int _exponent;

    public Exact(double value)
        : this(
            value == 0 ? 0 : new BigInteger(Math.ScaleB(value, 60 - Math.ILogB(value))), value == 0 ? 0 : Math.ILogB(value) - 60)
    {
        if (!double.IsFinite(value))
            throw new ArgumentOutOfRangeException(nameof(value));
    }

    private Exact(BigInteger mantissa, int exponent)
    {
        int surplus = (int)BigInteger.Abs(mantissa).GetBitLength() - Bits;
        (_mantissa, _exponent) = surplus > 0 ? (mantissa >> surplus, exponent + surplus) : (mantissa, exponent);
        _exponent = _mantissa.IsZero ? 0 : _exponent;
    }

    public int Sign => _mantissa.Sign;

    public static implicit operator Exact(double value) => new(value);

    public static Exact operator +(Exact a, Exact b)
    {
        if (a.Sign == 0 || b.Sign == 0)
            return a.Sign == 0 ? b : a;
        // A number whose first digit is far below the last of the other changes nothing.
        if (a.Magnitude - b.Magnitude > 2 * Bits || b.Magnitude - a.Magnitude > 2 * Bits)
            return a.Magnitude > b.Magnitude ? a : b;
        int exponent = Math.Min(a._exponent, b._exponent);
        return new((a._mantissa << (a._exponent - exponent)) + (b._mantissa << (b._exponent - exponent)), exponent);
    }

    public static Exact operator -(Exact a) => new(-a._mantissa, a._exponent);

    public static Exact operator -(Exact a, Exact b) => a + -b;

    public static Exact operator *(Exact a, Exact b) => new(a._mantissa * b._mantissa, a._exponent + b._exponent);

    public static Exact operator /(Exact a, Exact b) =>
        new((a._mantissa << (2 * Bits)) / b._mantissa, a._exponent - (2 * Bits) - b._exponent);

    public static bool operator <(Exact a, Exact b) => (a - b).Sign < 0;

    public static bool operator >(Exact a, Exact b) => (a - b).Sign > 0;

    public Exact Abs() => Sign < 0 ? -this : this;

    public Exact Sqrt()
    {
        if (Sign == 0)
            return this;
        int shift = (2 * Bits) + (_exponent & 1);
        BigInteger x = _mantissa << shift, root = BigInteger.One << (int)((x.GetBitLength() + 1) / 2);
        for (BigInteger next = (root + (x / root)) >> 1; next < root; next = (root + (x / root)) >> 1)
            root = next;
        return new(root, (_exponent - shift) / 2);
    }

    public Exact Exp()
    {
        if (Magnitude > 24)
            return PowerOfTwo(Sign < 0 ? -(1 << 24) : 1 << 24);
        int n = (int)Math.Round((double)(this / s_ln2));
        Exact r = (this - (n * s_ln2)) * PowerOfTwo(-16), term = 1, sum = 1;
        for (int k = 1; k < 70; k++)
        {
            term = term * r / k;
            sum += term;
        }

        for (int k = 0; k < 16; k++)
            sum *= sum;
        return sum * PowerOfTwo(n);
    }

    public Exact Log()
    {
        Exact m = new(_mantissa, _exponent - Magnitude), y = Math.Log((double)m);
        for (int k = 0; k < 4; k++)
        {
            Exact e = y.Exp();
            y += 2 * (m - e) / (m + e);
        }

        return y + (Magnitude * s_ln2);
    }

    /// <summary>The error function by its series; 1 beyond 7, to 22 digits.</summary>
    public Exact Erf()
    {
        if (Abs() > 7)
            return Sign;
        Exact square = this * this, term = this, sum = 0;
        for (int n = 0; n < 400; n++)
            (sum, term) = (sum + (term / ((2 * n) + 1)), -term * square / (n + 1));
        return sum * 2 / Pi.Sqrt();
    }

    /// <summary>π by Machin's formula.</summary>
    public static Exact Pi { get; } = 4 * ((4 * ArcCotangent(5)) - ArcCotangent(239));

    /// <summary>The nearest double, infinite where it is too large.</summary>
    public static explicit operator double(Exact x)
    {
        if (x.Sign == 0 || x.Magnitude is > 1100 or < -1200)
            return x.Sign == 0 || x.Magnitude < 0 ? 0 : x.Sign * double.PositiveInfinity;
        int surplus = (int)BigInteger.Abs(x._mantissa).GetBitLength() - 64;
        BigInteger mantissa = surplus > 0 ? x._mantissa >> surplus : x._mantissa;
        return Math.ScaleB((double)mantissa, x._exponent + Math.Max(surplus, 0));
    }

    /// <summary>The exponent of the first digit, plus one.</summary>
    private int Magnitude => _exponent + (int)BigInteger.Abs(_mantissa).GetBitLength();

    private static Exact PowerOfTwo(int n) => new(BigInteger.One, n);

    private static Exact ArcCotangent(int n) =>
        Series(k => (k % 2 == 1 ? 1 : -1) / (new Exact((2 * k) - 1) * Power(n, (2 * k) - 1)), 260);

    private static Exact Power(int x, int n) => new(BigInteger.Pow(x, n), 0);

    private static Exact Series(Func<int, Exact> term, int count)
    {
        Exact sum = 0;
        for (int n = 1; n <= count; n++)
            sum += term(n);
        return sum;
    }
}
