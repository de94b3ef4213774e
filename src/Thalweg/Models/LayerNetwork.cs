using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;

namespace Thalweg.Models;

/// <summary>Networks by the list of their layers, as <c>sequential([dense(64, activation=relu), output])</c> reads.</summary>
public static class LayerNetwork
{
    /// <summary>Builds the network, without weights, with the outputs that data and loss ask for; see
    /// <see cref="NetworkSpec.Build(Preprocessing, Loss?)"/>.</summary>
    /// <param name="layers">The layers; <c>output</c> makes the outputs.</param>
    /// <param name="preprocessing">That of the data.</param>
    /// <param name="loss">The loss it is to be trained with; null for the one that belongs to the task.</param>
    /// <exception cref="ThalwegException">A layer does not fit what reaches it, or the last one does not give the outputs.</exception>
    public static Sequential Build(SequentialSettings layers, Preprocessing preprocessing, Loss? loss = null)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(preprocessing);
        int outputs = preprocessing.Task.OutputsFor(loss ?? preprocessing.Task.DefaultLoss, OutputActivationOf(layers));
        (Module network, Shape shape) = layers.Build(new LayerInput(new Shape([.. preprocessing.FeatureShape]), outputs));
        return shape.Rank == 1 && shape[0] == outputs
            ? (Sequential)network
            : throw new ThalwegException(
                $"[model] expected layers that give {outputs} outputs, got samples {shape}; end the list with output");
    }

    /// <summary>Whether a target of numbers is to be standardized for these layers and a loss; see
    /// <see cref="NetworkSpec.WantsStandardTarget"/>.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="loss">The loss; null for the one that belongs to the task.</param>
    public static bool WantsStandardTarget(SequentialSettings layers, Loss? loss)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return OutputActivationOf(layers) == FinalActivation.None && (loss is null || !LossMeaning.Of(loss).HasOwnUnit);
    }

    private static string OutputActivationOf(SequentialSettings layers) => layers.Layers.Count == 0 ? FinalActivation.Unknown
        : layers.Layers[^1] switch
        {
            SequentialSettings inner => OutputActivationOf(inner),
            DenseLayerSettings dense => ActivationNames.NameOf(dense.Activation),
            ActivationSettings function => ActivationNames.NameOf(function.Function),
            SoftmaxSettings => "softmax",
            LogSoftmaxSettings => "log_softmax",
            _ => FinalActivation.Unknown,
        };
}
