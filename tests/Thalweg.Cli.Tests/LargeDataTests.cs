using System.Diagnostics;

namespace Thalweg.Cli.Tests;

/// <summary>Training on more data than the process may hold.</summary>
public sealed class LargeDataTests
{
    private const int Images = 18_000, Side = 64, HeapMegabytes = 64;

    [Fact]
    public void Images_of_more_bytes_than_the_heap_may_have_train_from_their_file()
    {
        using Shell shell = new();
        WriteImages(shell);
        new FileInfo(shell.At("big-images-idx3-ubyte")).Length.ShouldBeGreaterThan(HeapMegabytes << 20);

        Answer answer = RunWithin(shell, "train", "--data", "big-images-idx3-ubyte", "--model", "mlp:4", "--epochs", "2", "--batch", "128",
            "--out", "run", "--open-test", "--json");

        answer.Succeeded().Result.GetProperty("test").GetProperty("accuracy").GetDouble().ShouldBeGreaterThan(0.9);
    }

    [Fact]
    public void A_text_table_larger_than_the_heap_may_be_trains_through_a_temporary_file()
    {
        using Shell shell = new();
        using (StreamWriter writer = new(shell.At("big.csv")))
        {
            string zeros = new('0', 69);
            writer.Write("a,b,c,d,class\n");
            for (int row = 0; row < 700_000; row++)
            {
                writer.Write($"{row * 31L % 997},{row * 17L % 89 - 44}.0625{row % 3},{row * 13L % 1009}.12345678901{row % 10}{zeros},");
                writer.Write($"{"xyz"[row % 3]},{(row * 17L % 89 > 44 ? "yes" : "no")}\n");
            }
        }

        new FileInfo(shell.At("big.csv")).Length.ShouldBeGreaterThan(HeapMegabytes << 20);

        Answer answer = RunWithin(
            shell, "train", "--data", "big.csv", "--model", "mlp:4", "--epochs", "1", "--batch", "512", "--out", "run", "--open-test",
                "--json");

        answer.Succeeded().Result.GetProperty("test").GetProperty("accuracy").GetDouble().ShouldBeGreaterThan(0.9);
    }

    /// <summary>Images whose class shows in their brightness.</summary>
    private static void WriteImages(Shell shell)
    {
        byte[] bright = new byte[Side * Side], dark = new byte[Side * Side];
        for (int i = 0; i < bright.Length; i++)
            (bright[i], dark[i]) = ((byte)(128 + (i * 37 % 128)), (byte)(i * 37 % 128));
        using FileStream images = File.Create(shell.At("big-images-idx3-ubyte")), labels = File.Create(shell.At("big-labels-idx1-ubyte"));
        images.Write([0, 0, 8, 3, 0, 0, Images >> 8, Images & 255, 0, 0, 0, Side, 0, 0, 0, Side]);
        labels.Write([0, 0, 8, 1, 0, 0, Images >> 8, Images & 255]);
        for (int i = 0; i < Images; i++)
        {
            images.Write(i % 2 == 0 ? dark : bright);
            labels.WriteByte((byte)(i % 2));
        }
    }

    private static Answer RunWithin(Shell shell, params string[] arguments)
    {
        using Process process = shell.Start(
            arguments, ("DOTNET_GCHeapHardLimit", $"0x{HeapMegabytes << 20:x}"), ("THALWEG_SCRATCH", shell.Folder));
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Answer(process.ExitCode, output, error.Result);
    }
}
