using System.CommandLine;
using Thalweg.Kernels;

namespace Thalweg.Bench;

/// <summary><c>matmul</c>: matrix products beside the peak of the same run.</summary>
internal static class MatMulCommand
{
    public static Command Create()
    {
        Option<int[]> sizes = new("--sizes")
        {
            Description = "Sizes of square products.",
            DefaultValueFactory = _ => [384, 768, 1536],
            AllowMultipleArgumentsPerToken = true,
        };
        Command command = new("matmul", "Matrix products: squares, and the nine of a training step of a small network.") { sizes };
        command.SetAction(parse => Run(parse.GetValue(sizes)!));
        return command;
    }

    private static unsafe int Run(int[] sizes)
    {
        double peak = PeakProbe.Measure<float>(LaneWidths.Best);
        foreach (int n in sizes)
        {
            using AlignedMemory<float> a = new((long)n * n, i => i % 7), b = new((long)n * n, i => i % 5), c = new((long)n * n);
            Timing timing = Stopclock.Measure(repetitions =>
            {
                for (int i = 0; i < repetitions; i++)
                    MatMul.Multiply(new Matrix<float>(a.Pointer, n, n, n, 1), new Matrix<float>(b.Pointer, n, n, n, 1), c.Pointer, n, default);
            });
            Console.WriteLine($"{n,-8} {2.0 * n * n * n / timing.Best / 1e9:F1} GF/s {2.0 * n * n * n / timing.Best / peak:P0}");
        }

        return 0;
    }
}
