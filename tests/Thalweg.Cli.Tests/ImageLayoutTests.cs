using System.Text;

namespace Thalweg.Cli.Tests;

/// <summary>Images whose channels come last, in the command.</summary>
public sealed class ImageLayoutTests
{
    private const int Count = 60, Side = 5;

    [Fact]
    public void Channels_that_come_last_are_reported_and_read_alike_by_train_and_eval()
    {
        using Shell shell = new();
        Write(shell, "color", [Count, Side, Side, 3]);
        shell.Run("data", "show", "color_x.npy").Succeeded().Output.ShouldContain("channels last (3 channels of 5 x 5)");
        shell.Run("train", "--data", "color_x.npy", "--model", "cnn:2+4", "--epochs", "1", "--out", "run").Succeeded();
        shell.Run("eval", "--model", "run", "--data", "color_x.npy", "--json").Succeeded()
            .Result.GetProperty("samples").GetInt32().ShouldBe(Count);
    }

    [Fact]
    public void Layouts_that_both_fit_are_refused_until_one_is_given()
    {
        using Shell shell = new();
        Write(shell, "both", [Count, 3, Side, 3]);
        shell.Refuses(["train", "--data", "both_x.npy"], "both_x.npy", "[60, 3, 5, 3]", "fits both");
        shell.Run("data", "show", "both_x.npy", "--layout", "channels-last").Succeeded().Output.ShouldContain("[3, 3, 5]");
        shell.Run("data", "show", "both_x.npy", "--layout", "channels-first").Succeeded().Output.ShouldContain("[3, 5, 3]");
        shell.Refuses(["train", "--data", "both_x.npy", "--layout", "nhwc"], "--layout", "channels-first", "channels-last", "'nhwc'");
    }

    private static void Write(Shell shell, string stem, int[] shape)
    {
        int size = shape.Aggregate(1, (product, length) => product * length);
        File.WriteAllBytes(shell.At($"{stem}_x.npy"), Npy(shape, [.. Enumerable.Range(0, size).Select(i => (byte)(i * 37))]));
        File.WriteAllBytes(shell.At($"{stem}_y.npy"), Npy([Count], [.. Enumerable.Range(0, Count).Select(i => (byte)(i % 2))]));
    }

    private static byte[] Npy(int[] shape, byte[] values)
    {
        byte[] header = Encoding.ASCII.GetBytes(
            $"{{'descr': '|u1', 'fortran_order': False, 'shape': ({string.Concat(shape.Select(length => $"{length},"))}), }}");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. values];
    }
}
