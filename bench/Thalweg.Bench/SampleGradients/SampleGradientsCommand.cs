using System.CommandLine;
using System.Globalization;
using Thalweg.Bench.Peers;
using Thalweg.Diagnostics;
using Thalweg.Layers;
using Thalweg.Losses;

namespace Thalweg.Bench.SampleGradients;

/// <summary>`sample-gradients`: what the gradients of single samples cost beside a gradient of the batch.</summary>
internal static class SampleGradientsCommand
{
    private const int Classes = 10, Rounds = 15;
    private const double RunSeconds = 0.06;

    private static readonly (string Name, Func<Module> Build, int[] Shape)[] s_cases =
    [
        ("784-256-128-10, batch 64", PeerCases.Mlp, [64, 784]),
        ("conv-2c2d, batch 64", PeerCases.ConvolutionNetwork, [64, 1, 28, 28]),
        ("lstm-128, 64 steps, batch 32", PeerCases.RecurrentNetwork, [32, 64, 128]),
    ];

    public static Command Create()
    {
        Option<string> only = new("--only") { Description = "Part of the name of the networks to run.", DefaultValueFactory = _ => "" };
        Command command = new(
            "sample-gradients", "Milliseconds of norms, second moments and products of single gradients, beside a gradient.") { only };
        command.SetAction(result =>
        {
            string part = result.GetRequiredValue(only);
            string head = $"{"network",-30} {"gradient",9} {"norms",9} {"+ means",9} {"+ squares",9} {"+ pairs",9}";
            Console.WriteLine($"{head}   ms ({Threads.Count} threads), times the gradient");
            foreach ((string name, Func<Module> build, int[] shape) in s_cases)
            {
                if (name.Contains(part, StringComparison.Ordinal))
                    Measure(name, build(), shape);
            }

            return 0;
        });
        return command;
    }

    private static void Measure(string name, Module module, int[] shape)
    {
        module.Initialize(1);
        RandomStream stream = new(1, RandomPurpose.User);
        Tensor x = Tensor.Normal(new Shape(shape), 0, 1, ref stream), labels = Tensor.Zeros([shape[0]], DType.Int32);
        StepMemory memory = new() { RecycleHandles = true };
        Contender Meter(SampleGradientOptions options) =>
            new("",
                repetitions => Repeat(repetitions, memory,
                () => SampleGradientMeter.Measure(module, x, labels, Loss.SoftmaxCrossEntropy, options)));
        Timing[] timings = Stopclock.Measure(
            [
                new("",
                    repetitions => Repeat(repetitions, memory,
                    () => Loss.SoftmaxCrossEntropy.Compute(module.Forward(x), labels).Backward())),
                Meter(new SampleGradientOptions { Means = false }),
                Meter(new SampleGradientOptions()),
                Meter(new SampleGradientOptions { SecondMoments = true }),
                Meter(new SampleGradientOptions { SecondMoments = true, DotProducts = true }),
            ],
            Rounds,
            RunSeconds);
        double[] milliseconds = [.. timings.Select(timing => timing.Median * 1e3)];
        string times = string.Join(" ", milliseconds.Select(ms => ms.ToString("F3", CultureInfo.InvariantCulture).PadLeft(9)));
        string ratios = string.Join(
            " ", milliseconds.Skip(1).Select(ms => (ms / milliseconds[0]).ToString("F2", CultureInfo.InvariantCulture)));
        Console.WriteLine($"{name,-30} {times}   {ratios}");
    }

    private static void Repeat(int repetitions, StepMemory memory, Action work)
    {
        for (int i = 0; i < repetitions; i++)
        {
            using StepScope scope = memory.Begin();
            work();
        }
    }
}
