using System.Collections.Concurrent;
using Thalweg.Data;
using Thalweg.Layers;

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
    private readonly LearningTask _task;
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
        _task = preprocessing.Task;
        Width = _task.PredictionWidth;
    }

    /// <summary>Numbers per row that <see cref="Predict(ReadOnlySpan{float}, int, Span{double})"/> gives: one probability per
    /// class, or 1.</summary>
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
            using ForwardScope evaluation = ForwardContext.Evaluation();
            Tensor x = Tensor.From(features[..(rows * _features)], _block.With(0, rows)).To(_model.Module.DType);
            Answer(_model.Module.Forward(x), results[..(rows * Width)]);
        }
        finally
        {
            _spare.Add(memory);
        }
    }

    /// <summary>Predicts for samples by name: those of networks with several inputs, of symbols or of sequences. May be called from any
    /// number of threads at once.</summary>
    /// <param name="data">The samples; their inputs are those that the network was trained on. Targets are not looked at.</param>
    /// <param name="results">Room for <c>[data.Count, Width]</c>: probabilities, or numbers in the unit of the target.</param>
    /// <exception cref="ThalwegException">The samples do not fit the network, or there is too little room.</exception>
    public void Predict(Dataset data, Span<double> results)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (results.Length < (long)data.Count * Width)
        {
            throw new ThalwegException($"[predict] expected room for {data.Count} rows of {Width} results, got {results.Length}; give more");
        }

        int[] rows = Dataset.AllRows(data.Count);
        for (int start = 0; start < rows.Length; start += _block[0])
        {
            ReadOnlySpan<int> samples = rows.AsSpan(start, Math.Min(_block[0], rows.Length - start));
            using StepScope scope = StepScope.Begin();
            using NoGrad silence = NoGrad.Begin();
            using ForwardScope evaluation = ForwardContext.Evaluation();
            Batch batch = data.Take(samples, _model.Module.DType);
            Span<double> own = results.Slice(start * Width, samples.Length * Width);
            Answer(NetworkOutputs.Named(_model.Module, batch), own);
            _task.ClearPadding(own, batch.Lengths);
        }
    }

    private void Answer(TensorDictionary outputs, Span<double> results)
    {
        _form ??= _model.FormOf(outputs);
        Answer(_form.Join(outputs), results);
    }

    private void Answer(Tensor outputs, Span<double> results)
    {
        _form ??= _model.FormOf(new TensorDictionary(("output", outputs)));
        _form.Predict(outputs.To(DType.Float64).Contiguous(), results);
        if (_model.Temperature != 1 && _task is ClassificationTask)
            TemperatureScaling.Apply(results, Width, _model.Temperature);
        _task.ToUnits(results, _model.Preprocessing.Target);
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
