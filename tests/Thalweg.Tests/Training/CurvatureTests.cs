using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Tests.Training;

/// <summary>Estimates of the curvature's diagonal that the trainer makes.</summary>
public sealed class CurvatureTests
{
    [Theory]
    [InlineData(CurvatureForm.Hutchinson, false)]
    [InlineData(CurvatureForm.GaussNewtonBartlett, false)]
    [InlineData(CurvatureForm.Hutchinson, true)]
    [InlineData(CurvatureForm.GaussNewtonBartlett, true)]
    public void The_mean_of_many_estimates_is_the_diagonal(CurvatureForm form, bool isRegression)
    {
        // Linear outputs, for which the Gauss-Newton matrix is the Hessian.
        Sequential network = isRegression ? new(new Dense(1, 1)) : new(new Dense(2, 3));
        network.Initialize(2, DType.Float64);
        Dataset data = isRegression ? Samples.Wave(20) : Samples.Clusters(20);
        TrainerOptions options = new() { Optimizer = new Sgd(), BatchSize = 20, MicroBatchSize = 7 };
        Trainer trainer = new(network, new TrainingSet(data), new ValidationSet(data), options);
        TrainingObjective objective = trainer.Objective;
        CurvatureEstimate estimate = new(objective, 1);
        int n = (int)trainer.Parameters.Values.Length;
        double[] mean = new double[n], squares = new double[n], expected = Diagonal(objective);
        const int draws = 3000;
        for (int draw = 0; draw < draws; draw++)
        {
            objective.Begin(Dataset.AllRows(20), draw);
            Tensor diagonal = estimate.Make(form).Diagonal;
            for (int i = 0; i < n; i++)
            {
                double value = diagonal.Read(i);
                mean[i] += value / draws;
                squares[i] += value * value / draws;
            }
        }

        for (int i = 0; i < n; i++)
            mean[i].ShouldBe(expected[i], 1e-12 + (5 * Math.Sqrt(Math.Max(0, squares[i] - (mean[i] * mean[i])) / draws)), $"element {i}");
        expected.Max().ShouldBeGreaterThan(0.05);
    }

    [Theory]
    [InlineData("sophia(0.01)")]
    [InlineData("sophia(0.01, estimate=hutchinson, every=3)")]
    public void Sophia_trains_with_the_trainers_estimates(string text)
    {
        Dataset data = Samples.Clusters(200);
        Trainer trainer = new(
            Samples.Network(), new TrainingSet(data), new ValidationSet(data),
            new TrainerOptions { Optimizer = ChainText.Parse(text), Epochs = 10, BatchSize = 32, Patience = 0 });
        trainer.Fit().Epochs[^1].Validation.Accuracy.ShouldBeGreaterThan(0.93);
        trainer.Optimizer.State.Slots.Single(slot => slot.Name.EndsWith("curvature", StringComparison.Ordinal)).Values.ToArray<float>()
            .ShouldContain(h => h != 0);
    }

    private static double[] Diagonal(TrainingObjective objective)
    {
        objective.Begin(Dataset.AllRows(20), 0);
        int n = (int)objective.Parameters.Values.Length;
        double[] diagonal = new double[n];
        foreach (ParameterSegment segment in objective.Parameters.Segments.Items)
        {
            for (int i = segment.Offset; i < segment.Offset + segment.Size; i++)
            {
                Tensor unit = Tensor.Zeros([n], DType.Float64), product = Tensor.Zeros([n], DType.Float64);
                unit.Write(i, 1);
                objective.HessianProduct(unit, product);
                diagonal[i] = product.Read(i);
            }
        }

        return diagonal;
    }
}
