using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Metrics;
using Thalweg.Minimizers;
using Thalweg.Regularizers;

namespace Thalweg.Training;

/// <summary>What a linear model reaches on the same rows: ridge regression for numbers, logistic regression for classes.</summary>
/// <remarks>A network that does not beat it has learned nothing from its hidden layers. Both minimize the sum over the samples of half the
/// squared error, or of the cross-entropy, plus |w|^2 / 2; biases are free. Source: Hoerl, Kennard: Ridge regression, 1970; scikit-learn,
/// Ridge(alpha=1) and LogisticRegression(C=1), which minimize the same but for standardized targets.</remarks>
public static class LinearReference
{
    private const int Iterations = 100, MostSamples = 10_000;
    private const long MostNumbers = 2_000_000;

    /// <summary>Whether the training data are small enough to be fitted beside a network at little cost: a table of at most 10,000 rows and
    /// 2,000,000 numbers.</summary>
    /// <param name="training">The training data.</param>
    public static bool IsCheap(TrainingSet training)
    {
        ArgumentNullException.ThrowIfNull(training);
        Dataset data = training.Data;
        return data.FeatureShape.Count == 1 && data.Count <= MostSamples && (long)data.Count * data.FeatureShape[0] <= MostNumbers;
    }

    /// <summary>Fits the linear model to the training data and scores it on the validation data.</summary>
    /// <param name="training">Prepared rows with features of one axis.</param>
    /// <param name="validation">Rows of the same kind.</param>
    /// <param name="targetUnit">Deviation of a standardized target in its own unit, in which errors are reported, and its mean; default 1 and 0.</param>
    /// <returns>Its figures on the validation data.</returns>
    /// <exception cref="ThalwegException">The features have more than one axis: flatten them.</exception>
    public static Evaluation Fit(TrainingSet training, ValidationSet validation, TargetScale targetUnit = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        Dataset data = training.Data;
        if (data.FeatureShape.Count != 1)
        {
            throw new ThalwegException($"[linear reference] expected features of one axis, got {data.FeatureShape.Count}; flatten them");
        }

        Sequential network = new(new Dense(data.FeatureShape[0], data.Task.OutputsFor(data.Task.DefaultLoss, FinalActivation.None)));
        network.Initialize(1, DType.Float64);
        TrainerOptions options = new()
        {
            Minimizer = new Lbfgs(),
            BatchSize = TrainerOptions.FullBatch,
            Epochs = Iterations,
            EvaluateEvery = Iterations,
            Patience = 0,
            RestoreBest = false,
            Regularizers = [new L2Penalty((data.Task.HasClasses ? 1.0 : 2.0) / data.Count)],
        };
        TrainingReport report = new Trainer(network, training, validation, options, targetUnit).Fit();
        return report.Epochs[^1].Validation;
    }
}
