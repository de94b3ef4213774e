using System.Text.Json.Nodes;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;

namespace Thalweg.Data;

/// <summary>One of the numbers that are learned for each sample.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Its unit, such as "kg"; default none.</param>
/// <param name="Mean">What is added to a prediction once it has been multiplied by <paramref name="Deviation"/>; default 0.</param>
/// <param name="Deviation">Size of one unit of training in the unit of the number, above 0; default 1.</param>
public sealed record NumberOutput(string Name, string Unit = "", double Mean = 0, double Deviation = 1);

/// <summary>One or several numbers for each sample: targets <c>[batch, numbers]</c>, predictions a number for each.</summary>
public sealed class RegressionTask : LearningTask
{
    /// <summary>Name of the task.</summary>
    internal const string Word = "regression";

    private readonly TensorSpec[] _targets;

    /// <summary>Makes the task of one number.</summary>
    public RegressionTask()
        : this([new NumberOutput(TargetName)])
    {
    }

    /// <summary>Makes the task.</summary>
    /// <param name="outputs">The numbers in the order of the targets, one or more.</param>
    /// <exception cref="ThalwegException">There are none, or one has no finite mean or no deviation above 0.</exception>
    public RegressionTask(params IReadOnlyList<NumberOutput> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        if (outputs.Count == 0)
            throw new ThalwegException("[task] expected one or more numbers to learn, got none; name them");
        if (outputs.FirstOrDefault(o => !double.IsFinite(o.Mean) || !(o.Deviation > 0) || !double.IsFinite(o.Deviation)) is { } wrong)
        {
            throw new ThalwegException($"[task] expected a finite mean and a deviation above 0 for '{wrong.Name}', got {wrong.Mean} and "
                + $"{wrong.Deviation}; correct them");
        }

        Outputs = [.. outputs];
        _targets = [new(TargetName, outputs.Count)];
    }

    /// <inheritdoc/>
    public override string Name => Word;

    /// <summary>The numbers in the order of the targets.</summary>
    public IReadOnlyList<NumberOutput> Outputs { get; }

    /// <inheritdoc/>
    public override Loss DefaultLoss => Loss.MeanSquaredError;

    /// <inheritdoc/>
    public override string MetricName => "R2";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ReportedMetrics =>
        ["r2", "root_mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error"];

    /// <inheritdoc/>
    public override IReadOnlyList<TensorSpec> Targets => _targets;

    /// <inheritdoc/>
    public override bool CanMixTargets => true;

    /// <inheritdoc/>
    public override int PredictionWidth => Outputs.Count;

    /// <inheritdoc/>
    public override string ToWords(ReadOnlySpan<double> prediction)
    {
        string[] words = new string[Outputs.Count];
        for (int i = 0; i < words.Length; i++)
        {
            string number = prediction[i].ToString("R", System.Globalization.CultureInfo.InvariantCulture);
            string unit = Outputs[i].Unit.Length == 0 ? number : $"{number} {Outputs[i].Unit}";
            words[i] = words.Length == 1 ? unit : $"{Outputs[i].Name} {unit}";
        }

        return string.Join(", ", words);
    }

    /// <inheritdoc/>
    public override OutputForm FormOf(Loss loss, Module module, Shape outputs) =>
        NumberOutputForm.Of(loss, Outputs, module, outputs);

    /// <inheritdoc/>
    public override int OutputsFor(Loss loss, string outputActivation) => Outputs.Count * LossMeaning.Of(loss).OutputsPerTarget;

    /// <summary>R2 of the mean of the training targets, at most 0; NaN where all targets of the samples are equal.</summary>
    /// <inheritdoc/>
    public override double BaselineOf(Dataset training, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(data);
        double[] answers = Numbers(training), targets = Numbers(data);
        double sum = 0;
        for (int column = 0; column < Outputs.Count; column++)
        {
            double answer = Column(answers, column).Average(), mean = Column(targets, column).Average();
            double variance = Column(targets, column).Sum(target => (target - mean) * (target - mean));
            sum += variance > 0
                ? 1 - (Column(targets, column).Sum(target => (target - answer) * (target - answer)) / variance)
                : double.NaN;
        }

        return sum / Outputs.Count;
    }

    /// <inheritdoc/>
    public override JsonObject Describe() => new()
    {
        ["task"] = Word,
        ["outputs"] = new JsonArray([.. Outputs.Select(o => (JsonNode)new JsonObject
        {
            ["name"] = o.Name,
            ["unit"] = o.Unit,
            ["mean"] = o.Mean,
            ["deviation"] = o.Deviation,
        })]),
    };

    /// <summary>The task of a description.</summary>
    internal static RegressionTask Build(JsonObject description)
    {
        if (description["outputs"] is not JsonArray outputs)
            return new RegressionTask();
        return new RegressionTask([.. outputs.OfType<JsonObject>().Select(o => new NumberOutput(
            LayerRegistry.Read<string>(o, "name"),
            LayerRegistry.Read<string>(o, "unit"),
            LayerRegistry.Read<double>(o, "mean"),
            LayerRegistry.Read<double>(o, "deviation")))]);
    }

    /// <inheritdoc/>
    protected internal override void CheckTargets(string name, ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ThalwegException($"[data] expected finite numbers in '{name}', got {values[i]} in row {i / Outputs.Count}; "
                    + "correct the number or leave the row out");
            }
        }
    }

    /// <inheritdoc/>
    internal override Evaluation Evaluate(in ScoreSums sums, int samples, double loss, double unit) => Evaluation.None(this) with
    {
        Samples = samples,
        Loss = loss,
        R2 = sums.R2(samples),
        RootMeanSquaredError = unit * Math.Sqrt(sums.Squares / (samples * (double)Outputs.Count)),
        MeanAbsoluteError = unit * sums.Absolutes / (samples * (double)Outputs.Count),
    };

    /// <inheritdoc/>
    internal override void ToUnits(Span<double> predictions, TargetEncoding target)
    {
        for (int i = 0; i < predictions.Length; i++)
        {
            NumberOutput output = Outputs[i % Outputs.Count];
            predictions[i] = Outputs.Count == 1 && (output.Mean, output.Deviation) == (0, 1)
                ? target.Invert(predictions[i])
                : (predictions[i] * output.Deviation) + output.Mean;
        }
    }

    /// <inheritdoc/>
    internal override double[] TrivialAnswer(Dataset training)
    {
        double[] numbers = Numbers(training);
        return [.. Enumerable.Range(0, Outputs.Count).Select(column => Column(numbers, column).Average())];
    }

    /// <inheritdoc/>
    internal override ScoreSums NewSums() => new(Outputs);

    /// <inheritdoc/>
    internal override double MetricOf(Evaluation evaluation) => evaluation.R2;

    private IEnumerable<double> Column(double[] numbers, int column) => numbers.Where((_, i) => i % Outputs.Count == column);

    private double[] Numbers(Dataset data)
    {
        double[] numbers = new double[data.Count * Outputs.Count];
        data.GatherTargets<double>(Dataset.AllRows(data.Count), numbers);
        return numbers;
    }
}
