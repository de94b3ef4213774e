using System.Globalization;
using Thalweg.Initializers;
using Thalweg.Layers;

namespace Thalweg.Models;

/// <summary>A network for feature vectors in a few words, as the command line takes it: <c>mlp:256,128</c> and how its layers are
/// made.</summary>
public sealed record NetworkSpec
{
    /// <summary>Units of the hidden layers, in order; none gives a linear model.</summary>
    public IReadOnlyList<int> HiddenUnits { get; init; } = [256, 128];

    /// <summary>Activation of the hidden layers; default ReLU.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>How weights start; null chooses by activation, see <see cref="Initializer.ForActivation"/>.</summary>
    public Initializer? Initializer { get; init; }

    /// <summary>Whether hidden layers are batch-normalized; default no.</summary>
    public bool BatchNorm { get; init; }

    /// <summary>Whether batch normalization follows the activation instead of preceding it (default; Ioffe, Szegedy, ICML 2015, section
    /// 3.2).</summary>
    public bool BatchNormAfterActivation { get; init; }

    /// <summary>Probability of dropout after each hidden activation, in [0, 1); default 0, none.</summary>
    public double Dropout { get; init; }

    /// <summary>Reads the model's text.</summary>
    /// <param name="text"><c>mlp:256,128</c> for hidden layers of 256 and 128 units, <c>linear</c> for none.</param>
    /// <exception cref="ThalwegException">The text is neither, or a size is not from 1 to 65,536.</exception>
    public static IReadOnlyList<int> ParseUnits(string text)
    {
        if (text == "linear")
        {
            return [];
        }

        if (!text.StartsWith("mlp:", StringComparison.Ordinal))
        {
            throw new ThalwegException($"[model] expected mlp:UNITS,UNITS,... or linear, got '{text}'; an example is mlp:256,128");
        }

        return [.. text["mlp:".Length..].Split(',').Select(part =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int units) && units is >= 1 and <= 65_536
                ? units
                : throw new ThalwegException($"[model] expected numbers of units from 1 to 65536, got '{part}' in '{text}'; an example " +
                    "is mlp:256,128"))];
    }

    /// <summary>Builds the network, without weights: Flatten for samples of more than one axis, then Dense, BatchNorm1d, activation and
    /// Dropout per layer.</summary>
    /// <param name="featureShape">Shape of one sample.</param>
    /// <param name="outputs">Number of outputs: classes, or 1 for regression.</param>
    public Sequential Build(IReadOnlyList<int> featureShape, int outputs)
    {
        List<Module> layers = featureShape.Count > 1 ? [new Flatten()] : [];
        int inputs = featureShape.Aggregate(1, (product, size) => checked(product * size));
        Initializer start = Initializer ?? Initializer.ForActivation(Activation);
        foreach (int units in HiddenUnits)
        {
            layers.AddRange(BatchNorm && !BatchNormAfterActivation
                ? [new Dense(inputs, units, Activation.None, start, bias: false), new BatchNorm1d(units), new ActivationLayer(Activation)]
                : [new Dense(inputs, units, Activation, start)]);
            if (BatchNorm && BatchNormAfterActivation)
            {
                layers.Add(new BatchNorm1d(units));
            }

            if (Dropout > 0)
            {
                layers.Add(new Dropout(Dropout));
            }

            inputs = units;
        }

        layers.Add(new Dense(inputs, outputs, Activation.None, Initializer));
        return new Sequential([.. layers]);
    }
}
