using System.Collections.Concurrent;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Training;

namespace Thalweg.Models;

/// <summary>Applies a model to blocks of prepared rows: class probabilities, or numbers in the unit of the target.</summary>
/// <remarks>
/// One object serves any number of threads at once, without a lock: each call has memory of its own, which later calls use again. The
/// network is only read, and is in evaluation mode for the calling thread alone, so that another thread may predict with it, or train it.
/// The answer has the same bits whichever thread asks.
/// </remarks>
public sealed class Predictor
{
    private readonly TrainedModel _model;
    private readonly Shape _block;
    private readonly int _features;
    private readonly ConcurrentBag<CallMemory> _spare = [];
    private OutputForm? _form;

    /// <summary>Makes a predictor.</summary>
    /// <param name="model">The model; its network may be shared.</param>
    /// <param name="blockSize">Most rows per call, 1 or more; default 1024.</param>
    /// <exception cref="ThalwegException">The block size is below 1.</exception>
    public Predictor(TrainedModel model, int blockSize = 1024)
    {
        ArgumentNullException.ThrowIfNull(model);
        Preprocessing preprocessing = model.Preprocessing;
        _model = model;
        _block = blockSize >= 1
            ? new Shape([blockSize, .. preprocessing.FeatureShape])
            : throw new ThalwegException($"[predictor] expected blocks of 1 or more rows, got {blockSize}; give a larger blockSize");
        _features = preprocessing.FeatureWidth;
        Width = preprocessing.Task.HasClasses ? preprocessing.Target.ClassNames.Count : 1;
    }

    /// <summary>Numbers per row that <see cref="Predict"/> gives: one probability per class, or 1.</summary>
    public int Width { get; }

    /// <summary>Predicts for some rows; may be called from any number of threads at once.</summary>
    /// <param name="features">Prepared features, <c>[rows, width]</c> row-major; more are not looked at.</param>
    /// <param name="rows">Number of rows, from 1 to the block size.</param>
    /// <param name="results">Room for <c>[rows, Width]</c>: probabilities that sum to 1, or numbers in the unit of the target.</param>
    /// <exception cref="ThalwegException">The sizes do not fit each other or the network; nothing has been written.</exception>
    public void Predict(ReadOnlySpan<float> features, int rows, Span<double> results)
    {
        CheckSizes(features.Length, rows, results.Length);
        CallMemory memory = _spare.TryTake(out CallMemory? spare) ? spare : new CallMemory();
        try
        {
            using StepScope scope = memory.Begin();
            using NoGrad silence = NoGrad.Begin();
            using EvaluationMode evaluation = EvaluationMode.Begin();
            Tensor x = Tensor.From(features[..(rows * _features)], _block.With(0, rows)).To(_model.Module.DType);
            Answer(_model.Module.Forward(x), results[..(rows * Width)]);
        }
        finally
        {
            _spare.Add(memory);
        }
    }

    private void Answer(Tensor outputs, Span<double> results)
    {
        Tensor exact = outputs.To(DType.Float64).Contiguous();
        (_form ??= _model.FormOf(exact.Shape)).Predict(exact, results);
        for (int i = 0; i < results.Length && !_model.Preprocessing.Task.HasClasses; i++)
        {
            results[i] = _model.Preprocessing.Target.Invert(results[i]);
        }
    }

    private void CheckSizes(int features, int rows, int results)
    {
        if (rows < 1 || rows > _block[0])
        {
            throw new ThalwegException($"[predict] expected 1 to {_block[0]} rows, got {rows}; predict in blocks, or make the predictor " +
                "with a larger blockSize");
        }

        if (features < (long)rows * _features || results < (long)rows * Width)
        {
            throw new ThalwegException($"[predict] expected {rows} rows of {_features} features and room for {Width} results each, got " +
                $"{features} features and room for {results}; give whole rows");
        }
    }

    /// <summary>Memory for the intermediates of one call at a time.</summary>
    private sealed class CallMemory
    {
        /// <summary>Calls with fresh tensor objects, in which a module that keeps a tensor from call to call is caught.</summary>
        private const int CheckedCalls = 4;

        private readonly StepMemory _memory = new();
        private int _calls;

        public StepScope Begin()
        {
            _memory.RecycleHandles = ++_calls > CheckedCalls;
            return _memory.Begin();
        }
    }
}
