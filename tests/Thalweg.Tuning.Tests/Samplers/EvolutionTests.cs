using MathNet.Numerics;

namespace Thalweg.Tuning.Tests.Samplers;

/// <summary>The evolution strategy and its margin.</summary>
public sealed class EvolutionTests
{
    [Fact]
    public void The_margin_bounds_the_probability_of_leaving_a_cell()
    {
        double[] edges = [0.25, 0.5, 0.75];
        RandomStream random = new(1, RandomPurpose.User);
        for (int i = 0; i < 200; i++)
        {
            double margin = random.NextDouble(0.01, 0.2);
            EvolutionState state = new([random.NextDouble(), 0.5], Math.Pow(10, random.NextDouble(-6, 0)));
            IntegerMargin.Apply(state, 0, edges, margin);
            double mean = state.Mean[0], deviation = state.DeviationOf(0);
            int cell = edges.Count(edge => edge < mean);
            double below = cell == 0 ? 0 : Cumulative((edges[cell - 1] - mean) / deviation);
            double above = cell == 3 ? 0 : 1 - Cumulative((edges[cell] - mean) / deviation);
            (below + above).ShouldBeGreaterThanOrEqualTo(0.999 * margin, $"draw {i}: mean {mean}, deviation {deviation}");
            if (cell is 1 or 2)
                Math.Min(below, above).ShouldBeGreaterThanOrEqualTo(0.499 * margin);
        }
    }

    [Fact]
    public void It_comes_down_an_ellipsoid_that_is_turned()
    {
        EvolutionState state = new([0.9, 0.1, 0.8], 0.2);
        static double Value(double[] x) => Math.Pow(x[0] + x[1] - 1, 2) + (100 * Math.Pow(x[0] - x[1], 2)) + Math.Pow(x[2] - 0.3, 2);
        for (int generation = 0; generation < 120; generation++)
        {
            double[][] points = new double[state.Population][];
            for (int k = 0; k < points.Length; k++)
            {
                RandomStream random = new(4, RandomPurpose.User, (ulong)((generation * 100) + k));
                points[k] = state.Draw(ref random);
            }

            state.Update([.. points.OrderBy(Value)]);
        }

        Value(state.Mean).ShouldBeLessThan(1e-8);
    }

    private static double Cumulative(double z) => 0.5 * SpecialFunctions.Erfc(-z / Constants.Sqrt2);
}
