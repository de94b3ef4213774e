using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>Where a sum of squares, or of other powers, still has all its digits: away from both ends of the range of its type.</summary>
/// <remarks>Floats square to infinity from 1.8e19 on and lose digits below 1e-19. Whoever finds a sum outside takes the slower way, which
/// scales the numbers first.</remarks>
internal static class SquareRange
{
    /// <summary>Whether a sum is inside; 0 and NaN are not.</summary>
    public static bool Holds<T>(double sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? sum is > 1e-30 and < 1e38 : sum is > 1e-290 and < 1e308;
}
