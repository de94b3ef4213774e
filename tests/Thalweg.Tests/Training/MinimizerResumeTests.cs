using System.Reflection;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Tests.Training;

/// <summary>A run that continues from a checkpoint gives the bits of one that never stopped, whatever makes its updates.</summary>
public sealed class MinimizerResumeTests
{
    private static readonly Dataset s_data = Samples.Clusters(40);

    /// <summary>Every minimizer, with every value of each of its choices: what is added to the catalogue joins by itself.</summary>
    public static TheoryData<string> Texts =>
        [.. Settings.Forms<Minimizer>().SelectMany(form => Variants(form.Name, form.Type)).Distinct()];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Training_continues_with_equal_bits(string text)
    {
        TrainerOptions options = new()
        {
            Minimizer = Settings.Parse<Minimizer>(text),
            IterationsPerStep = 3,
            BatchSize = TrainerOptions.FullBatch,
            Epochs = 7,
            Patience = 0,
            RestoreBest = false,
        };
        string path = PathOf(text);
        List<string> files = [];
        Trainer whole = Make(options);
        whole.StepEnded += step =>
        {
            files.Add($"{path}.{step.Step}");
            TrainingCheckpoint.Save(whole, files[^1]);
        };
        TrainingReport expected = whole.Fit();
        try
        {
            foreach (string file in files)
            {
                Trainer resumed = Make(options);
                TrainingCheckpoint.Restore(resumed, file);
                TrainingReport report = resumed.Fit();
                Samples.Weights(resumed.Module).ShouldBe(Samples.Weights(whole.Module), file);
                (report.Reason, report.Note, report.Steps).ShouldBe((expected.Reason, expected.Note, expected.Steps), file);
                report.Epochs.Select(epoch => epoch.Training.Loss)
                    .ShouldBe(expected.Epochs.TakeLast(report.Epochs.Count).Select(epoch => epoch.Training.Loss));
            }
        }
        finally
        {
            files.ForEach(File.Delete);
        }
    }

    [Theory]
    [InlineData("lbfgs(memory=3, search=none, learning_rate=0.1)")]
    [InlineData("coordinate_descent(order=random)")]
    [InlineData("trust_region")]
    public void On_mini_batches_it_continues_in_the_middle_of_an_epoch(string text)
    {
        TrainerOptions options = new()
        {
            Minimizer = Settings.Parse<Minimizer>(text),
            IterationsPerStep = 2,
            BatchSize = 10,
            AllowMiniBatches = true,
            Epochs = 3,
            RestoreBest = false,
        };
        string path = PathOf(text);
        Trainer whole = Make(options);
        whole.StepEnded += step =>
        {
            if (step.Step == 5)
                TrainingCheckpoint.Save(whole, path);
        };
        whole.Fit();
        try
        {
            Trainer resumed = Make(options);
            TrainingCheckpoint.Restore(resumed, path);
            resumed.Fit();
            Samples.Weights(resumed.Module).ShouldBe(Samples.Weights(whole.Module));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_run_over_a_function_continues_from_its_slots()
    {
        Lbfgs lbfgs = new() { MaximumIterations = 4, Memory = 3 };
        MinimizerRun whole = lbfgs.Start([-1.2, 1, 2]);
        whole.Advance(Bowl);
        IReadOnlyList<StateSlot> slots = whole.Slots;
        MinimizerResult expected = whole.Advance(Bowl);
        MinimizerRun resumed = lbfgs.Resume(slots);
        resumed.Result!.Status.ShouldBe(MinimizerStatus.IterationLimit);
        MinimizerResult result = resumed.Advance(Bowl);
        result.Point.ShouldBe(expected.Point);
        (result.Iterations, result.FunctionEvaluations).ShouldBe((expected.Iterations, expected.FunctionEvaluations));
    }

    [Theory]
    [InlineData("lbfgs")]
    [InlineData("bfgs")]
    [InlineData("nonlinear_cg")]
    [InlineData("coordinate_descent")]
    public void That_it_forgot_what_misled_is_remembered(string text)
    {
        LineMinimizer minimizer = Settings.Parse<LineMinimizer>(text) with { MaximumIterations = 1, Search = LineSearch.Backtracking };
        MinimizerRun whole = minimizer.Start([-1.2, 1, 2]);
        whole.Advance(Bowl);
        whole.Advance(Bowl);
        double rising = 0;
        whole.Advance((point, gradient) => Bowl(point, gradient) + (rising += 1e6));
        MinimizerRun resumed = minimizer.Resume(whole.Slots);
        whole.Advance(Bowl);
        resumed.Advance(Bowl).Point.ShouldBe(whole.Point.ToArray());
    }

    [Fact]
    public void A_foreign_state_is_refused()
    {
        IReadOnlyList<StateSlot> slots = new Lbfgs { Memory = 3 }.Start([1, 2]).Slots;
        Refusal(() => new Bfgs().Resume(slots)).ShouldContain("expected 'inverse_hessian' as 4 of Float64, found none");
        Refusal(() => new Lbfgs { Memory = 2 }.Resume(slots)).ShouldContain("found 'pair.2.step', which this method does not have");
        Refusal(() => new TrustRegion().Resume([])).ShouldContain("expected a start of 1 or more finite numbers");
        Refusal(() => new NewtonCg().Resume([slots[0]])).ShouldContain("continue with the method and the function that were saved");
    }

    private static string Refusal(Func<MinimizerRun> resume) => Should.Throw<ThalwegException>(() => resume()).Message;

    private static IEnumerable<string> Variants(string name, Type type)
    {
        yield return name;
        foreach (PropertyInfo property in type.GetProperties().Where(property => property.SetMethod is not null))
        {
            IEnumerable<string> values = property.PropertyType.IsEnum ? Enum.GetNames(property.PropertyType).Select(SettingsText.Snake)
                : property.PropertyType == typeof(LineSearch) ? LineSearch.All.Select(search => search.Name) : [];
            foreach (string value in values)
            {
                string rate = value == LineSearch.None.Name ? ", learning_rate=0.05" : "";
                yield return $"{name}({SettingsText.Snake(property.Name)}={value}{rate})";
            }
        }
    }

    private static Trainer Make(TrainerOptions options)
    {
        Sequential network = new(new Dense(2, 4, Activation.Tanh), new Dense(4, 3));
        network.Initialize(4);
        return new Trainer(network, new TrainingSet(s_data), new ValidationSet(s_data), options);
    }

    private static string PathOf(string text) =>
        Path.Combine(
            Path.GetTempPath(), $"thalweg-{Environment.ProcessId}-{Math.Abs(text.GetHashCode(StringComparison.Ordinal))}.safetensors");

    private static double Bowl(ReadOnlySpan<double> point, Span<double> gradient)
    {
        double value = 0;
        for (int i = 0; i < point.Length; i++)
        {
            gradient[i] = 4 * Math.Pow(point[i], 3) * (i + 1);
            value += Math.Pow(point[i], 4) * (i + 1);
        }

        return value;
    }
}
