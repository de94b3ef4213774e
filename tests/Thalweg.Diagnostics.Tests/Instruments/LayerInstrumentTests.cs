using MathNet.Numerics.LinearAlgebra;
using Thalweg.Training;

namespace Thalweg.Diagnostics.Tests.Instruments;

/// <summary>Instruments of layers against their plain definitions.</summary>
public sealed class LayerInstrumentTests
{
    [Theory]
    [MemberData(nameof(Runs.Networks), MemberType = typeof(Runs))]
    public void Moments_dead_units_similarity_and_rank_equal_their_definitions(string network)
    {
        Dictionary<(long, string), double[][]> seen = [];
        InstrumentPanel panel = Runs.Panel(
            new Probe(pass: (moment, pass) => Note(moment, pass, seen)), new ActivationMoments { When = new EverySteps(1) },
            new DeadUnits { When = new EverySteps(1) }, new UnitSimilarity { When = new EverySteps(1) },
            new EffectiveRank { When = new EverySteps(1) }, new ActivationHistogram(8) { When = new EverySteps(1) });
        Runs.New(network, Runs.Options(1), DType.Float64, panel).Fit();
        panel.Readings.ShouldAllBe(reading => !reading.IsOff);
        seen.Count.ShouldBeGreaterThan(9);
        foreach (((long step, string layer), double[][] columns) in seen)
        {
            double[] all = [.. columns.SelectMany(column => column)];
            double mean = all.Average();
            Plain.Near(Plain.Of(panel, "activation_moments", "mean", step, layer), mean, layer);
            Plain.Near(Plain.Of(panel, "activation_moments", "variance", step, layer), all.Average(v => (v - mean) * (v - mean)), layer);
            Plain.Near(Plain.Of(panel, "activation_moments", "rms", step, layer), Math.Sqrt(all.Average(v => v * v)), layer);
            Plain.Near(Plain.Of(panel, "dead_units", "dead", step, layer), columns.Average(c => c.Max() == c.Min() ? 1.0 : 0), layer);
            Plain.Near(Plain.Of(panel, "unit_similarity", "mean_cosine", step, layer), MeanCosine(Chosen(columns, 128)), layer);
            Plain.Near(Plain.Of(panel, "effective_rank", "effective_rank", step, layer), Rank(columns), layer);
            ValueList<double> counts = panel.Readings.Single(r =>
                r.Instrument == "activation_histogram" && r.Step == step && r.Layer == layer).Series!;
            (counts[0], counts[1], counts.Skip(2).Sum()).ShouldBe((all.Min(), all.Max(), all.Length));
            for (int bin = 0; bin < 8; bin++)
            {
                double width = (all.Max() - all.Min()) / 8;
                counts[2 + bin].ShouldBe(all.Count(v => Math.Min(7, (int)Math.Floor((v - all.Min()) / width)) == bin), 1);
            }
        }
    }

    [Fact]
    public void Saturation_is_told_by_the_kind_of_the_activation()
    {
        foreach (Activation activation in (Activation[])[Activation.Tanh, Activation.Sigmoid, Activation.Softsign, Activation.Softplus,
            Activation.Elu, Activation.LogSigmoid, Activation.Relu, Activation.Hardtanh])
        {
            Tensor z = Tensor.From([.. Enumerable.Range(-400, 801).Select(i => i / 40.0)], [801]);
            z.RequiresGrad = true;
            Tensor y = z.Activate(activation);
            double[] slopes = Gradients.Of(y.Sum(), z)[0].ToArray<double>();
            double expected = slopes.Average(slope => slope < 0.05 * slopes.Max() ? 1.0 : 0);
            FlatShare(activation, y).ShouldBe(expected, 3.0 / 801, activation.ToString());
        }
    }

    [Fact]
    public void Units_that_start_alike_are_twins_and_a_rectifier_that_is_off_is_dead()
    {
        InstrumentPanel panel = Runs.Panel(new UnitSimilarity { When = new EverySteps(1) }, new DeadUnits { When = new EverySteps(1) });
        Trainer trainer = Runs.New("dense", Runs.Options(1), DType.Float64, panel);
        Span<double> weights = trainer.Module.NamedParameters().First(p => p.Name == "0.weight").Parameter.Value.AsSpan<double>();
        for (int input = 0; input < 6; input++)
            weights[(input * 12) + 1] = weights[input * 12];
        trainer.Module.NamedParameters().First(p => p.Name == "1.bias").Parameter.Value.AsSpan<double>()[4] = -1000;
        trainer.Fit();
        Plain.Of(panel, "unit_similarity", "twins", 0, "0").ShouldBe(2.0 / 12);
        Plain.Of(panel, "dead_units", "zero", 0, "1").ShouldBe(1.0 / 9);
    }

    private static double FlatShare(Activation activation, Tensor y)
    {
        double share = double.NaN;
        InstrumentPanel panel = Runs.Panel(new Probe(pass: (_, _) => share = FlatParts.Of(activation, 0.05)!.Value.ShareOf(y.Detach())));
        Runs.New("dense", Runs.Options(1) with { MaxSteps = 1 }, DType.Float64, panel).Fit();
        return share;
    }

    private static void Note(InstrumentMoment moment, NetworkPass pass, Dictionary<(long, string), double[][]> seen)
    {
        foreach (LayerOutput layer in pass.Layers)
        {
            double[] values = Plain.Values(layer.Op.Output);
            int run = layer.Run, units = layer.Units;
            seen[(moment.Step, layer.Path)] =
                [.. Enumerable.Range(0, units).Select(unit => values.Where((_, i) => i / run % units == unit).ToArray())];
        }
    }

    /// <summary>Some rows, evenly chosen.</summary>
    private static double[][] Chosen(double[][] columns, int most)
    {
        int rows = Math.Min(most, columns[0].Length);
        return [.. columns.Select(column => Enumerable.Range(0, rows)
            .Select(row => column[(int)((long)row * column.Length / rows)]).ToArray())];
    }

    private static double MeanCosine(double[][] columns)
    {
        List<double> cosines = [];
        for (int i = 0; i < columns.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double size = Plain.Norm(columns[i]) * Plain.Norm(columns[j]);
                if (size > 0)
                    cosines.Add(Math.Abs(Plain.Dot(columns[i], columns[j])) / size);
            }
        }

        return cosines.Average();
    }

    private static double Rank(double[][] columns)
    {
        double[] s = [.. Matrix<double>.Build.DenseOfColumnArrays(columns).Svd(computeVectors: false).S];
        double[] kept = [.. s.Where(value => value > 1e-6 * s.Max())];
        return Math.Exp(-kept.Sum(value => value / kept.Sum() * Math.Log(value / kept.Sum())));
    }
}
