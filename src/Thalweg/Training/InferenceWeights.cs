using Thalweg.Data;
using Thalweg.Layers;

namespace Thalweg.Training;

/// <summary>
/// The network as it will be used, where that differs from the network as it trains: averaged weights, where the optimizer keeps an
/// average, and batch statistics measured exactly over the training data, where a layer asks for them or the weights are averaged.
/// </summary>
internal sealed class InferenceWeights
{
    private readonly Module _module;
    private readonly ParameterVector _parameters;
    private readonly StepMethod _method;
    private readonly Batches _batches;
    private readonly BestWeights? _own;
    private readonly int[] _rows;
    private readonly MicroBatches _microBatches;
    private readonly bool _measures;

    public InferenceWeights(Module module, ParameterVector parameters, StepMethod method, Dataset training, int batchSize)
    {
        (_module, _parameters, _method) = (module, parameters, method);
        _microBatches = new MicroBatches(training.Count, batchSize);
        _batches = new Batches(training, _microBatches.Largest, module.DType);
        _rows = Dataset.AllRows(training.Count);
        BatchNorm[] layers = [.. BatchNorm.AllOf(module)];
        _measures = layers.Any(l => l.Options.Population == PopulationStatistics.Exact) || (method.Average is not null && layers.Length > 0);
        _own = IsDifferent ? new BestWeights(module, parameters) : null;
    }

    /// <summary>Whether it takes a pass over the training data.</summary>
    public bool Measures => _measures;

    /// <summary>Whether there is a difference at all.</summary>
    public bool IsDifferent => _method.Average is not null || _measures;

    /// <summary>Puts the network into the state in which it will be used; <see cref="Leave"/> undoes it.</summary>
    public void Enter()
    {
        _own?.Capture();
        if (_method.Average is { } average)
        {
            _parameters.Values.Assign(average);
        }

        if (_measures)
        {
            BatchNorm.MeasurePopulation(_module, PassOverTraining);
        }
    }

    /// <summary>Puts the network back into the state in which it trains.</summary>
    public void Leave() => _own?.Restore();

    private void PassOverTraining()
    {
        for (int microBatch = 0; microBatch < _microBatches.Count; microBatch++)
        {
            using StepScope scope = StepScope.Begin();
            NetworkOutputs.Named(_module, _batches.Take(_microBatches.Of(_rows, microBatch)).Batch);
        }
    }
}
