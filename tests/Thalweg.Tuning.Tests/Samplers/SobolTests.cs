namespace Thalweg.Tuning.Tests.Samplers;

/// <summary>The sequence beside its definition.</summary>
public sealed class SobolTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    [InlineData(5, 6)]
    [InlineData(6, 6)]
    [InlineData(7, 18)]
    [InlineData(8, 16)]
    [InlineData(9, 48)]
    [InlineData(10, 60)]
    public void There_are_as_many_primitive_polynomials_as_numbers_prime_to_the_order(int degree, int count)
    {
        // Euler's function of 2^s - 1, divided by s.
        PrimitivePolynomials.OfDegree(degree).Count().ShouldBe(count);
        int order = (1 << degree) - 1;
        (Enumerable.Range(1, order).Count(i => Gcd(i, order) == 1) / degree).ShouldBe(count);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(7UL)]
    public void Each_prefix_of_a_power_of_two_has_one_point_in_each_part_of_each_of_70_axes(ulong seed)
    {
        for (int dimension = 0; dimension < 70; dimension++)
        {
            foreach (int power in new[] { 1, 3, 6 })
            {
                int points = 1 << power;
                Enumerable.Range(0, points).Select(i => (int)(SobolSampler.Coordinate(seed, dimension, (uint)i) * points)).Order()
                    .ShouldBe(Enumerable.Range(0, points), $"dimension {dimension}");
            }
        }
    }

    [Fact]
    public void The_first_two_dimensions_are_a_net_in_all_elementary_boxes()
    {
        const int Power = 6, Points = 1 << Power;
        for (int first = 0; first <= Power; first++)
        {
            int wide = 1 << first, high = 1 << (Power - first);
            Enumerable.Range(0, Points)
                .Select(i => ((int)(SobolSampler.Coordinate(3, 0, (uint)i) * wide), (int)(SobolSampler.Coordinate(3, 1, (uint)i) * high)))
                .Distinct().Count().ShouldBe(Points);
        }
    }

    [Fact]
    public void Pairs_have_the_quality_that_counting_boxes_finds()
    {
        uint[] left = SobolDirections.Of(4), right = SobolDirections.Of(9);
        const int Power = 6;
        int t = SobolDirections.PairQuality(left, right, Power);
        IsNet(t).ShouldBeTrue();
        (t == 0 || !IsNet(t - 1)).ShouldBeTrue();

        bool IsNet(int quality)
        {
            int digits = Power - quality;
            return Enumerable.Range(0, digits + 1).All(first =>
            {
                var boxes = Enumerable.Range(0, 1 << Power).GroupBy(i => (Leading(left, i, first), Leading(right, i, digits - first))).ToArray();
                return boxes.Length == 1 << digits && boxes.All(box => box.Count() == 1 << quality);
            });
        }
    }

    [Fact]
    public void Dimensions_and_seeds_differ()
    {
        double[][] axes = [.. Enumerable.Range(0, 64).Select(d => Enumerable.Range(0, 16).Select(i => SobolSampler.Coordinate(1, d, (uint)i)).ToArray())];
        axes.Select(axis => string.Join(' ', axis)).Distinct().Count().ShouldBe(64);
        SobolSampler.Coordinate(1, 0, 5).ShouldNotBe(SobolSampler.Coordinate(2, 0, 5));
    }

    private static uint Leading(uint[] directions, int index, int digits)
    {
        uint value = 0;
        for (int bit = 0; index >> bit != 0; bit++)
            value ^= (uint)((index >> bit) & 1) * directions[bit];
        return digits == 0 ? 0 : value >> (32 - digits);
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
