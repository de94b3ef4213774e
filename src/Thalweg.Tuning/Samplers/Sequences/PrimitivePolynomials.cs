using System.Numerics;

namespace Thalweg.Tuning;

/// <summary>Primitive polynomials over the field of two elements, by degree, then by coefficients.</summary>
internal static class PrimitivePolynomials
{
    /// <summary>All of a degree, as bits: bit k is the coefficient of x^k.</summary>
    /// <param name="degree">The degree, 1 to 20.</param>
    public static IEnumerable<uint> OfDegree(int degree)
    {
        // The constant coefficient is 1, else x divides the polynomial.
        for (uint bits = (1u << degree) | 1; bits < 2u << degree; bits += 2)
        {
            if (IsPrimitive(bits, degree))
                yield return bits;
        }
    }

    /// <summary>Whether x generates all 2^s - 1 powers modulo the polynomial: x^(2^s - 1) is 1, and x^((2^s - 1) / q) is not for each prime q.</summary>
    public static bool IsPrimitive(uint bits, int degree)
    {
        uint order = (1u << degree) - 1;
        return Power(order, bits, degree) == 1 && Primes(order).All(prime => order == prime || Power(order / prime, bits, degree) != 1)
            && (degree > 1 || bits == 3);
    }

    /// <summary>x^exponent modulo a polynomial.</summary>
    private static uint Power(uint exponent, uint bits, int degree)
    {
        uint result = 1, power = Reduced(2, bits, degree);
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
                result = Product(result, power, bits, degree);
            power = Product(power, power, bits, degree);
        }

        return result;
    }

    private static uint Product(uint left, uint right, uint bits, int degree)
    {
        uint product = 0;
        for (; right != 0; right >>= 1)
        {
            if ((right & 1) != 0)
                product ^= left;
            left = Reduced(left << 1, bits, degree);
        }

        return product;
    }

    private static uint Reduced(uint value, uint bits, int degree) => (value >> degree) != 0 ? value ^ bits : value;

    private static IEnumerable<uint> Primes(uint number)
    {
        for (uint prime = 2; prime * prime <= number; prime += prime == 2 ? 1u : 2u)
        {
            if (number % prime != 0)
                continue;
            yield return prime;
            while (number % prime == 0)
                number /= prime;
        }

        if (number > 1)
            yield return number;
    }

    /// <summary>Number of leading bits of a polynomial below its highest, for tests.</summary>
    internal static int DegreeOf(uint bits) => 31 - BitOperations.LeadingZeroCount(bits);
}
