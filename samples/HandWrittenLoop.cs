using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Samples;

internal static class HandWrittenLoop
{
    public static void Run(TextWriter output)
    {
        RandomStream random = new(1, RandomPurpose.User);
        Tensor x1 = Tensor.Normal([32, 4], 0, 1, ref random), x2 = Tensor.Normal([32, 4], 0, 1, ref random);
        Tensor t1 = x1.Sum(1).Reshape([32, 1]), t2 = x2.Sum(1).Reshape([32, 1]);
        Sequential network = new(new Dense(4, 16, Activation.Tanh), new Dense(16, 1));
        network.Initialize(seed: 1);
        ParameterVector parameters = new(network);
        OptimizerRun optimizer = new(new Kfac(0.03), parameters.Segments);
        BatchObjective objective = new(network, Loss.MeanSquaredError, parameters, maxMicroBatches: 2);
        double loss = 0;
        for (long step = 0; step < 100; step++)
        {
            objective.Begin(step, new MicroBatch(x1, t1), new MicroBatch(x2, t2));   // two micro-batches, one gradient
            loss = optimizer.TakeGradient(objective);                                // and the factors that K-FAC asks for
            Clip(parameters.Gradients.AsSpan<float>(), norm: 1);
            optimizer.Step(parameters.Values, parameters.Gradients);
        }

        output.WriteLine($"loss after 100 steps {loss:f4}");
    }

    private static void Clip(Span<float> gradient, float norm)
    {
        double square = 0;
        foreach (float g in gradient)
            square += g * g;
        float scale = (float)Math.Min(1, norm / Math.Sqrt(square));
        foreach (ref float g in gradient)
            g *= scale;
    }
}
