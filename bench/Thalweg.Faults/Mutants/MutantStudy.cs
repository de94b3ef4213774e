namespace Thalweg.Faults;

/// <summary>Which mutants hurt: DeepCrime's rule, a significant difference (p below 0.05) and an effect that is not negligible.</summary>
/// <param name="Name">Name of the mutant.</param>
/// <param name="Original">Mean metric of the original.</param>
/// <param name="Mutated">Mean metric of the mutant.</param>
/// <param name="P">Probability of such a difference by chance: exact permutation test of both means, two-sided.</param>
/// <param name="Effect">Cohen's d: difference of the means over the pooled deviation.</param>
internal sealed record MutantStudy(string Name, double Original, double Mutated, double P, double Effect)
{
    /// <summary>Cohen's bound of a small effect.</summary>
    private const double Negligible = 0.2, Significant = 0.05;

    /// <summary>Whether the mutant hurts.</summary>
    public bool Hurts => P < Significant && Effect >= Negligible && Mutated < Original;

    /// <summary>Compares trainings of original and mutant.</summary>
    public static MutantStudy Of(string name, double[] original, double[] mutated)
    {
        double difference = original.Average() - mutated.Average();
        double pooled = Math.Sqrt((Variance(original) + Variance(mutated)) / 2);
        double effect = difference == 0 ? 0 : Math.Min(99, difference / Math.Max(pooled, 1e-9));
        return new(name, original.Average(), mutated.Average(), Permutations(original, mutated), effect);
    }

    /// <summary>Share of all divisions of the figures into two groups whose means differ as much. Source: Pitman, Significance tests which
    /// may be applied to samples from any populations, 1937.</summary>
    private static double Permutations(double[] a, double[] b)
    {
        double[] all = [.. a, .. b];
        double total = all.Sum(), observed = Math.Abs(a.Average() - b.Average()) - 1e-12;
        long count = 0, extreme = 0;
        Visit(0, 0, 0);
        return (double)extreme / count;

        void Visit(int place, int chosen, double sum)
        {
            if (chosen == a.Length)
            {
                count++;
                extreme += Math.Abs((sum / a.Length) - ((total - sum) / b.Length)) >= observed ? 1 : 0;
                return;
            }

            for (int i = place; i <= all.Length - (a.Length - chosen); i++)
                Visit(i + 1, chosen + 1, sum + all[i]);
        }
    }

    private static double Variance(double[] values)
    {
        double mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }
}
