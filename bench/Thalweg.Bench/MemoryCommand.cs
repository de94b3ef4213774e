using System.CommandLine;
using System.Diagnostics;
using Thalweg.Bench.Peers;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Bench;

/// <summary>`memory`: peak of resident memory while a network trains, over what the process held before it was made.</summary>
internal static class MemoryCommand
{
    /// <summary>Name of the network of 10^8 parameters.</summary>
    public const string Large = "adam-100m";

    private const int Batch = 16, Steps = 3, BadInput = 2;
    private const double Mega = 1 << 20;

    public static Command Create()
    {
        Argument<string[]> names = new("case") { Description = $"{Large}, or a case of `peer`; all that need no files without one." };
        Option<bool> here = new("--here") { Description = "Measure in this process: what the command starts for each case." };
        Command command = new("memory", "Peak of resident memory while a network trains, each in a process of its own.") { names, here };
        command.SetAction(result =>
        {
            string[] given = result.GetValue(names) is { Length: > 0 } some ? some : [Large, .. PeerCases.WithoutFiles];
            if (given.FirstOrDefault(name => name != Large && !PeerCases.All.ContainsKey(name)) is { } unknown)
            {
                Console.Error.WriteLine($"memory: expected one of {Large}, {string.Join(", ", PeerCases.All.Keys)}, got '{unknown}'");
                return BadInput;
            }

            if (!result.GetValue(here))
                Console.WriteLine($"{"case",-22}{"parameters",12}{"peak MiB",10}{"steps MiB",11}{"bytes per parameter",21}");
            return given.Select(name => result.GetValue(here) ? Measure(name) : Start(name)).Max();
        });
        return command;
    }

    private static int Start(string name)
    {
        using Process process = SelfProcess.Start(["memory", "--here", name], isCaptured: false);
        process.WaitForExit();
        if (name != Large)
            MeasurePeer(name);
        return process.ExitCode;
    }

    /// <summary>The same of PyTorch, where there is one.</summary>
    private static void MeasurePeer(string name)
    {
        try
        {
            using PeerProcess peer = PeerProcess.Start(name, Threads.Count, new PeerOptions(null, 64));
            peer.SecondsPerStep(Steps);
            Console.WriteLine($"{"  torch",-22}{"",12}{peer.PeakBytes() / Mega,10:F0}");
        }
        catch (ThalwegException exception)
        {
            Console.WriteLine($"  torch: {exception.Message}");
        }
    }

    private static int Measure(string name)
    {
        // What the process needs whatever the network: kernels compiled, workers hired.
        Train(new Dense(8, 2), [8]).Fit();
        GC.Collect();
        ProcessMemory.ResetPeak();
        long before = ProcessMemory.Resident;
        Trainer trainer = name == Large ? TrainLarge() : TrainCase(name);
        long peak = ProcessMemory.Peak - before;
        long parameters = trainer.Module.ParameterCount;
        double beside = (double)(peak - trainer.StepMemoryBytes) / parameters;
        Console.WriteLine($"{name,-22}{parameters,12:N0}{peak / Mega,10:F0}{trainer.StepMemoryBytes / Mega,11:F1}{beside,21:F2}");
        GC.KeepAlive(trainer);
        return 0;
    }

    private static Trainer TrainCase(string name)
    {
        IPeerCase work = PeerCases.All[name](new PeerOptions(null, 64));
        work.Prepare();
        work.SecondsPerStep(Steps);
        return work.Trained ?? throw new ThalwegException(
            $"[memory] the case '{name}' does not show its trainer; implement IPeerCase.Trained");
    }

    private static Trainer TrainLarge()
    {
        Trainer trainer = Train(
            new Sequential(new Dense(784, 8192, Activation.Relu), new Dense(8192, 11520, Activation.Relu), new Dense(11520, 10)), [784]);
        trainer.Fit();
        return trainer;
    }

    private static Trainer Train(Module network, int[] sample)
    {
        int width = sample.Aggregate(1, (product, size) => product * size), count = Steps * Batch;
        RandomStream stream = new(1, RandomPurpose.User);
        float[] features = new float[count * width];
        for (int i = 0; i < features.Length; i++)
            features[i] = (float)stream.NextNormal();
        string[] classes = network is Dense ? ["0", "1"] : [.. Enumerable.Range(0, 10).Select(c => c.ToString())];
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % classes.Length)];
        Dataset data = Dataset.ForClassification(features, sample, labels, classes);
        return new Trainer(network, new TrainingSet(data), new ValidationSet(data),
            new TrainerOptions { Optimizer = new Adam(1e-4), BatchSize = Batch, Epochs = 1 });
    }
}
