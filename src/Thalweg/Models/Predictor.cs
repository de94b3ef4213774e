using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Training;

namespace Thalweg.Models;

/// <summary>Applies a model to blocks of prepared rows: class probabilities, or numbers in the unit of the target.</summary>
/// <param name="model">The model.</param>
/// <param name="blockSize">Most rows per call.</param>
public sealed class Predictor(TrainedModel model, int blockSize = 1024)
{
    private readonly StepMemory _memory = new() { RecycleHandles = true };
    private readonly Tensor _features = Tensor.Zeros(new Shape([blockSize, .. model.Preprocessing.FeatureShape]), model.Module.DType);
    private OutputForm? _form;

    /// <summary>Numbers per row that <see cref="Predict"/> gives: one probability per class, or 1.</summary>
    public int Width => model.Preprocessing.Task == TaskKind.Classification ? model.Preprocessing.Target.ClassNames.Count : 1;

    /// <summary>Predicts for some rows.</summary>
    /// <param name="features">Prepared features, <c>[rows, width]</c> row-major.</param>
    /// <param name="rows">Number of rows, from 1 to the block size.</param>
    /// <param name="results">Room for <c>[rows, Width]</c>: probabilities that sum to 1, or numbers in the unit of the target.</param>
    public void Predict(ReadOnlySpan<float> features, int rows, Span<double> results)
    {
        using StepScope scope = _memory.Begin();
        using NoGrad silence = NoGrad.Begin();
        Module module = model.Module;
        module.SetTraining(false);
        Tensor x = _features.Window(0, _features.Shape.With(0, rows), "features");
        for (int i = 0; i < x.Length; i++)
        {
            x.Write(i, features[i]);
        }

        Tensor y = module.Forward(x).To(DType.Float64);
        (_form ??= model.FormOf(y.Shape)).Predict(y, results);
        for (int i = 0; i < rows && model.Preprocessing.Task == TaskKind.Regression; i++)
        {
            results[i] = model.Preprocessing.Target.Invert(results[i]);
        }
    }
}
