using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Tests.Training;

/// <summary>Whoever takes an optimizer by its name alone gets one that trains.</summary>
public sealed class OptimizerDefaultsTests
{
    private const int Seeds = 3;
    private const double LargestShare = 0.9;

    public static TheoryData<string> Names => [.. Settings.Names<NamedOptimizer>(), .. Settings.Names<Minimizer>()];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_optimizer_at_its_defaults_lowers_the_loss_of_twelve_small_problems(string name)
    {
        string[] failures = new string[DefaultProblems.All.Count];
        Parallel.For(0, failures.Length, k =>
        {
            (double before, double after) = (0, 0);
            for (ulong seed = 1; seed <= Seeds; seed++)
            {
                (double first, double last) = Train(name, DefaultProblems.All[k], seed);
                (before, after) = (before + first, after + last);
            }

            failures[k] = after <= LargestShare * before ? "" : $"{DefaultProblems.All[k].Name}: {before / Seeds} -> {after / Seeds}";
        });
        failures.Where(failure => failure.Length > 0).ShouldBeEmpty();
    }

    /// <summary>The loss on all samples before and after 20 epochs; not finite where the run or its weights were not.</summary>
    private static (double Before, double After) Train(string name, SmallProblem problem, ulong seed)
    {
        Dataset data = problem.Data();
        Module network = problem.Network().Initialize(seed);
        Loss loss = data.Task.HasClasses ? Loss.SoftmaxCrossEntropy : Loss.MeanSquaredError;
        double Measure()
        {
            network.SetTraining(false);
            return new Thalweg.Training.Evaluator(network, loss).Evaluate(data).Loss;
        }

        TrainerOptions options = new() { Epochs = 20, BatchSize = problem.Batch, Patience = 0, RestoreBest = false, Seed = seed };
        bool isMinimizer = Settings.Names<Minimizer>().Contains(name);
        options = isMinimizer
            ? Shortened(options with { Minimizer = Settings.Parse<Minimizer>(name) })
            : options with { Optimizer = ChainText.Parse(name) };
        if (isMinimizer || options.Optimizer.Any(rule => rule.Needs.FullBatch))
            options = options with { BatchSize = TrainerOptions.FullBatch };
        double before = Measure();
        TrainingReport report = new Trainer(network, new TrainingSet(data), new ValidationSet(data), options).Fit();
        return (before, report.Reason == EndReason.NonFinite ? double.NaN : Measure());
    }

    /// <summary>A minimizer never climbs, and one that takes many products with the curvature takes minutes for the 200
    /// iterations of 20 epochs: it has the harder task of the same in fewer.</summary>
    private static TrainerOptions Shortened(TrainerOptions options) => options.Minimizer switch
    {
        Newton => options with { Epochs = 1, IterationsPerStep = 4 },
        LevenbergMarquardt or NewtonCg or TrustRegion => options with { Epochs = 1 },
        GaussNewton => options with { Epochs = 2 },
        _ => options,
    };
}
