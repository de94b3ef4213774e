using System.CommandLine;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Thalweg.Bench.Peers;
using Thalweg.Training;

namespace Thalweg.Bench;

/// <summary>`bits [NAME]`: whether training gives equal bits for any number of threads and from run to run.</summary>
internal static class BitsCommand
{
    private const int Steps = 50, Runs = 2, Different = 1, BadInput = 2;

    private static readonly int[] s_threads = [1, 2, 3, 8];

    public static Command Create()
    {
        Argument<string[]> names =
            new("case") { Description = $"Among {string.Join(", ", PeerCases.All.Keys)}; all that need no files without one." };
        Command command = new("bits", $"A hash of all weights after warm-up and {Steps} steps, twice with 1, 2, 3 and 8 threads; exit " +
            "code 1 where any differs.") { names };
        command.SetAction(result => Run(result.GetValue(names) is { Length: > 0 } given ? given : [.. PeerCases.WithoutFiles]));
        return command;
    }

    private static int Run(string[] names)
    {
        if (names.FirstOrDefault(name => !PeerCases.All.ContainsKey(name)) is { } unknown)
        {
            Console.Error.WriteLine($"bits: expected one of {string.Join(", ", PeerCases.All.Keys)}, got '{unknown}'");
            return BadInput;
        }

        int different = names.Count(name => !IsRepeatable(name));
        Console.WriteLine(different == 0 ? $"equal: all {names.Length}" : $"DIFFERENT: {different} of {names.Length}");
        return different == 0 ? 0 : Different;
    }

    private static bool IsRepeatable(string name)
    {
        int before = Threads.Count;
        HashSet<string> seen = [];
        foreach (int threads in s_threads)
        {
            for (int run = 0; run < Runs; run++)
            {
                Threads.Count = threads;
                string hash = HashAfterSteps(name);
                if (seen.Add(hash))
                {
                    Console.WriteLine($"{name,-22}{hash[..16]}  {threads} thread{(threads == 1 ? "" : "s")}, run " +
                        $"{run + 1}{(seen.Count > 1 ? "  DIFFERENT" : "")}");
                }
            }
        }

        Threads.Count = before;
        return seen.Count == 1;
    }

    private static string HashAfterSteps(string name)
    {
        IPeerCase work = PeerCases.All[name](new PeerOptions(null, 64));
        work.Prepare();
        work.SecondsPerStep(Steps);
        return Hash(
            work.Trained ?? throw new ThalwegException($"[bits] the case '{name}' does not show its trainer; implement IPeerCase.Trained"));
    }

    /// <summary>SHA-256 of all weights and buffers.</summary>
    private static string Hash(Trainer trainer)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Tensor tensor in trainer.Module.NamedBuffers().Select(buffer => buffer.Value).Prepend(trainer.Parameters.Values))
        {
            hash.AppendData(tensor.DType == DType.Float32
                ? MemoryMarshal.AsBytes(tensor.AsSpan<float>())
                : MemoryMarshal.AsBytes(tensor.AsSpan<double>()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
