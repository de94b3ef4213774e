using System.Diagnostics;
using Thalweg.Bench.Bounds;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Models;

namespace Thalweg.Bench.Peers;

/// <summary>Predictions of a case's network by <see cref="Predictor"/>: rows in an array go in, probabilities come out.</summary>
internal sealed class InferenceCase
{
    private const int Blocks = 16;

    private readonly int _batch, _width;
    private readonly float[] _features;
    private readonly double[] _results;
    private readonly Predictor _predictor;
    private int _position;

    /// <param name="work">The case.</param>
    /// <param name="batch">Rows of a call.</param>
    public InferenceCase(NetworkCase work, int batch)
    {
        (Module network, Dataset sample) = (work.NewNetwork(), work.NewData(1));
        (_batch, _width) = (batch, work.Width);
        _features = work.NewFeatures(Blocks * batch);
        _predictor = new Predictor(new TrainedModel(network, Preprocessing.Of(sample)), batch);
        _results = new double[batch * _predictor.Width];
        Work = StepWork.OfInference(network, work.NewInput(batch));
    }

    /// <summary>Names of the cases whose networks are compared.</summary>
    public static IReadOnlyList<string> Names { get; } = ["mlp-adam-64", "conv-2c2d-64", "lstm-128", "transformer-small"];

    /// <summary>Numbers of rows that are compared.</summary>
    public static IReadOnlyList<int> Batches { get; } = [1, 64];

    /// <summary>What a call has to do at least.</summary>
    public StepWork Work { get; }

    /// <summary>Predicts over and over.</summary>
    /// <param name="calls">How many times.</param>
    /// <returns>Seconds per call.</returns>
    public double SecondsPerCall(int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int call = 0; call < calls; call++, _position++)
            _predictor.Predict(_features.AsSpan(_position % Blocks * _batch * _width, _batch * _width), _batch, _results);

        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }
}
