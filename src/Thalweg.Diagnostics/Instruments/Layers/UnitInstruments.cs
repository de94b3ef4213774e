using MathNet.Numerics.LinearAlgebra;

namespace Thalweg.Diagnostics;

/// <summary>How alike the units of each layer are: units that start alike and get the same gradients stay alike.</summary>
public sealed record UnitSimilarity : Instrument
{
    private const int MostRows = 128, MostUnits = 128;
    private const double Same = 1 - 1e-6;

    /// <inheritdoc/>
    public override string Definition =>
        "per layer: mean over pairs of units of |cos| between their values over samples; twins: share of units with another whose " +
        "cos > 1 - 1e-6; " +
        "of more than 128 units or rows as many, evenly chosen";

    /// <inheritdoc/>
    public override string Source => "Goodfellow, Bengio, Courville: Deep Learning, 2016, section 8.4 (breaking symmetry)";

    /// <inheritdoc/>
    public override InstrumentCost Cost => InstrumentCost.Products;

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Pass;

    /// <inheritdoc/>
    public override InstrumentWork Work(InstrumentRun run) => run.LayerUnits.Aggregate(default(InstrumentWork), (sum, layer) =>
    {
        double rows = Math.Min(MostRows, layer.Rows), units = Math.Min(MostUnits, layer.Units);
        return sum + new InstrumentWork(rows * units * units, 24 * ((rows * units) + (units * units)), 2);
    });

    /// <inheritdoc/>
    public override void MeasurePass(InstrumentMoment moment, NetworkPass pass)
    {
        foreach (LayerOutput layer in pass.Layers.Where(layer => layer.Units > 1))
        {
            UnitMatrix matrix = layer.Take(MostRows, MostUnits);
            (double mean, double twins) = Compare(matrix.Products(), matrix.Units);
            moment.Read("mean_cosine", mean, layer.Path);
            moment.Read("twins", twins, layer.Path);
        }
    }

    private static (double Mean, double Twins) Compare(double[] products, int units)
    {
        double sum = 0, pairs = 0;
        bool[] hasTwin = new bool[units];
        for (int i = 0; i < units; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double size = Math.Sqrt(products[(i * units) + i] * products[(j * units) + j]);
                double cosine = size > 0 ? products[(i * units) + j] / size : 0;
                (sum, pairs) = (sum + Math.Abs(cosine), pairs + (size > 0 ? 1 : 0));
                hasTwin[i] |= cosine > Same;
                hasTwin[j] |= cosine > Same;
            }
        }

        return (pairs > 0 ? sum / pairs : 0, (double)hasTwin.Count(twin => twin) / units);
    }
}

/// <summary>Effective rank of what leaves each layer: how many directions its values take up.</summary>
public sealed record EffectiveRank : Instrument
{
    private const int MostRows = 256, MostUnits = 64;

    /// <summary>Singular values below this share of the largest are rounding.</summary>
    private const double Smallest = 1e-6;

    /// <inheritdoc/>
    public override string Definition =>
        "per layer: exp(-sum p_i log p_i), p_i = s_i/sum s, s the singular values of the values [rows, units] above 1e-6 of the " +
        "largest; of more " +
        "than 256 rows or 64 units as many, evenly chosen; share: divided by the most that is possible";

    /// <inheritdoc/>
    public override string Source => "Roy, Vetterli: The effective rank, EUSIPCO 2007, definition 1";

    /// <inheritdoc/>
    public override InstrumentCost Cost => InstrumentCost.Products;

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Pass;

    /// <inheritdoc/>
    public override InstrumentWork Work(InstrumentRun run) => run.LayerUnits.Aggregate(default(InstrumentWork), (sum, layer) =>
    {
        double rows = Math.Min(MostRows, layer.Rows), units = Math.Min(MostUnits, layer.Units);
        return sum + new InstrumentWork((rows * units * units) + (200 * units * units * units), 16 * rows * units, 2);
    });

    /// <inheritdoc/>
    public override void MeasurePass(InstrumentMoment moment, NetworkPass pass)
    {
        foreach (LayerOutput layer in pass.Layers.Where(layer => layer is { Units: > 1, Rows: > 1 }))
        {
            UnitMatrix matrix = layer.Take(MostRows, MostUnits);
            Matrix<double> products = Matrix<double>.Build.Dense(matrix.Units, matrix.Units, matrix.Products());
            double[] values = [.. products.Evd(Symmetricity.Symmetric).EigenValues.Select(value => Math.Sqrt(Math.Max(0, value.Real)))];
            double rank = Of(values);
            moment.Read("effective_rank", rank, layer.Path);
            moment.Read("share", rank / Math.Min(matrix.Rows, matrix.Units), layer.Path);
        }
    }

    private static double Of(double[] singularValues)
    {
        double largest = singularValues.Max();
        double[] kept = [.. singularValues.Where(value => value > Smallest * largest)];
        double sum = kept.Sum();
        return kept.Length == 0 ? 0 : Math.Exp(-kept.Sum(value => value / sum * Math.Log(value / sum)));
    }
}
