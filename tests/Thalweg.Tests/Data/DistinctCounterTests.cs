using Thalweg.Data;

namespace Thalweg.Tests;

public sealed class DistinctCounterTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(100, 7)]
    [InlineData(5_000, 5_000)]
    [InlineData(40_000, 3)]
    [InlineData(100_000, 30_000)]
    [InlineData(3_000_000, 2_000_000)]
    public void Counts_as_a_set_does(int length, int most)
    {
        Random random = new(length);
        double[] numbers = [.. Enumerable.Range(0, length).Select(_ => random.Next(most) / 8.0)];
        Assert.Equal(new HashSet<double>(numbers).Count, DistinctCounter.Count(numbers));
    }

    [Fact]
    public void Zeros_of_both_signs_are_one_and_a_missing_value_is_none() =>
        Assert.Equal(4, DistinctCounter.Count([0.0, -0.0, double.NaN, 1, 1, double.PositiveInfinity, -double.NaN, 5e-324]));
}
