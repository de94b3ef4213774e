namespace Thalweg.Tuning;

/// <summary>The direction numbers of a Sobol sequence, made when they are first needed.</summary>
/// <remarks>
/// Dimension 1 is the sequence of van der Corput; each other has a primitive polynomial x^s + a1 x^(s-1) + ... + 1 and numbers m_1 ... m_s, odd and m_k below 2^k,
/// that go on by m_k = 2 a1 m_(k-1) xor 4 a2 m_(k-2) xor ... xor 2^s m_(k-s) xor m_(k-s): Joe and Kuo, "Constructing Sobol sequences with better two-dimensional
/// projections", SIAM Journal on Scientific Computing 30(5), 2008, equation 2.1. The first m are not taken from a table: of some drawn at random those
/// are kept whose pairs with the dimensions before have the least t-values, which is the criterion of that paper.
/// </remarks>
internal static class SobolDirections
{
    /// <summary>Bits of a coordinate.</summary>
    public const int Bits = 32;

    /// <summary>Most dimensions: those of polynomials up to degree 12.</summary>
    public const int MostDimensions = 500;

    private const int Draws = 24;
    private const ulong DrawKey = 2008;

    /// <summary>Numbers of points, as powers of two, for which pairs are judged.</summary>
    private static readonly int[] s_judged = [3, 5, 7, 9];

    private static readonly List<uint[]> s_directions = [];
    private static readonly Lock s_lock = new();
    private static readonly IEnumerator<uint> s_polynomials =
        Enumerable.Range(1, 20).SelectMany(PrimitivePolynomials.OfDegree).GetEnumerator();

    /// <summary>The direction numbers of a dimension: bit 31 is the first digit behind the point.</summary>
    /// <param name="dimension">The dimension, from 0, below <see cref="MostDimensions"/>.</param>
    public static uint[] Of(int dimension)
    {
        lock (s_lock)
        {
            while (s_directions.Count <= dimension)
                s_directions.Add(s_directions.Count == 0 ? First() : Next(s_directions.Count));
            return s_directions[dimension];
        }
    }

    private static uint[] First() => [.. Enumerable.Range(0, Bits).Select(i => 1u << (Bits - 1 - i))];

    private static uint[] Next(int dimension)
    {
        s_polynomials.MoveNext();
        uint polynomial = s_polynomials.Current;
        uint[]? best = null;
        int bestWorst = int.MaxValue, bestSum = int.MaxValue;
        for (int draw = 0; draw < Draws; draw++)
        {
            uint[] directions = Directions(polynomial, new RandomStream(DrawKey, RandomPurpose.Search, (ulong)((dimension * Draws) + draw)));
            (int worst, int sum) = Quality(directions);
            if (best is null || worst < bestWorst || (worst == bestWorst && sum < bestSum))
                (best, bestWorst, bestSum) = (directions, worst, sum);
        }

        return best!;
    }

    private static uint[] Directions(uint polynomial, RandomStream random)
    {
        int degree = PrimitivePolynomials.DegreeOf(polynomial);
        uint[] m = new uint[Bits];
        for (int k = 0; k < Bits; k++)
        {
            if (k < degree)
            {
                m[k] = (2 * (uint)random.NextInt32(1 << k)) + 1;
                continue;
            }

            m[k] = m[k - degree] ^ (m[k - degree] << degree);
            for (int i = 1; i < degree; i++)
                m[k] ^= ((polynomial >> (degree - i)) & 1) * (m[k - i] << i);
        }

        return [.. m.Select((number, k) => number << (Bits - 1 - k))];
    }

    /// <summary>The worst t-value of pairs with the dimensions before, and their sum.</summary>
    private static (int Worst, int Sum) Quality(uint[] directions)
    {
        int worst = 0, sum = 0;
        foreach (uint[] other in s_directions.TakeLast(63))
        {
            foreach (int power in s_judged)
            {
                int t = PairQuality(other, directions, power);
                worst = Math.Max(worst, t);
                sum += t;
            }
        }

        return (worst, sum);
    }

    /// <summary>The t-value of the first 2^m points of two dimensions: m less the most digits that always stay independent.</summary>
    internal static int PairQuality(uint[] left, uint[] right, int power)
    {
        int independent = power;
        Span<uint> basis = stackalloc uint[Bits];
        for (int first = 0; first <= power; first++)
        {
            basis.Clear();
            int taken = 0;
            for (; taken < first && Insert(basis, Row(left, taken, power)); taken++)
            {
            }

            int second = 0;
            for (; taken == first && second < power && Insert(basis, Row(right, second, power)); second++)
            {
            }

            independent = Math.Min(independent, taken + second);
        }

        return power - independent;
    }

    /// <summary>Digit by digit: which of the first points' index bits decide a digit.</summary>
    private static uint Row(uint[] directions, int digit, int power)
    {
        uint row = 0;
        for (int k = 0; k < power; k++)
            row |= ((directions[k] >> (Bits - 1 - digit)) & 1) << k;
        return row;
    }

    private static bool Insert(Span<uint> basis, uint row)
    {
        for (int bit = Bits - 1; bit >= 0 && row != 0; bit--)
        {
            if (((row >> bit) & 1) == 0)
                continue;
            if (basis[bit] == 0)
            {
                basis[bit] = row;
                return true;
            }

            row ^= basis[bit];
        }

        return false;
    }
}
