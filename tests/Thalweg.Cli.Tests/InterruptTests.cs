using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Thalweg.Cli.Tests;

/// <summary>Ctrl-C, and going on afterwards.</summary>
public sealed class InterruptTests
{
    private const int Interrupt = 2, Terminate = 15;

    private static readonly string[] s_train =
    [
        "train", "--data", "glyphs", "--samples", "1500", "--epochs", "150", "--patience", "0", "--dropout", "0.2", "--norm", "batch",
        "--open-test", "--json",
    ];

    [Fact]
    public void A_run_that_Ctrl_C_ended_continues_to_the_same_bits()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("the test sends SIGINT, which Windows does not have");
        using Shell shell = new();
        Cut(shell, s_train, "cut");
        File.Exists(shell.At("cut/model.safetensors")).ShouldBeTrue();
        Directory.EnumerateFiles(shell.At("cut/checkpoints")).ShouldNotBeEmpty();
        shell.Refuses([.. s_train, "--out", "cut"], "cut", "--resume");
        shell.Refuses(["train", "--resume", "--out", "cut", "--lr", "0.5"], "--lr");
        Answer resumed = shell.Run("train", "--resume", "--out", "cut", "--json", "--threads", "2").Succeeded();
        resumed.Lines[0].GetProperty("firstStep").GetInt64().ShouldBeGreaterThan(0);
        shell.Refuses(["train", "--resume", "cut"], "finished");

        Answer whole = shell.Run([.. s_train, "--out", "whole"]).Succeeded();
        File.ReadAllBytes(shell.At("cut/model.safetensors")).ShouldBe(File.ReadAllBytes(shell.At("whole/model.safetensors")));
        resumed.Result.GetProperty("epochs").GetInt32().ShouldBe(150);
        resumed.Result.GetProperty("test").ToString().ShouldBe(whole.Result.GetProperty("test").ToString());
        Figures(shell, "cut").ShouldBe(Figures(shell, "whole"));
    }

    [Fact]
    public void A_run_on_full_batches_continues_with_the_same_options_alone()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("the test sends SIGINT, which Windows does not have");
        using Shell shell = new();
        string[] train =
        [
            "train", "--data", "glyphs", "--samples", "300", "--model", "mlp:16", "--epochs", "1500", "--patience", "0", "--norm", "none",
            "--batch", "full", "--micro-batch", "100", "--regularize", "mixup(0.2), l2(1e-3)", "--json",
        ];
        Cut(shell, train, "cut");
        string[] resume = ["train", "--resume", "--out", "cut"];
        shell.Refuses([.. resume, "--batch", "7"], "--batch: full -> 7");
        shell.Refuses([.. resume, "--micro-batch", "50"], "--micro-batch: 100 -> 50");
        shell.Refuses([.. resume, "--last-batch", "dropped"], "--last-batch: kept -> dropped");
        shell.Refuses([.. resume, "--batch-schedule", "growth(8, every=2)"], "--batch-schedule: not set -> growth(8, every=2)");
        shell.Refuses([.. resume, "--regularize", "mixup(0.2), l2(1e-2)"], "--regularize: mixup(0.2), l2(1e-3) -> mixup(0.2), l2(1e-2)");
        shell.Run([.. resume, "--batch", "full", "--regularize", "mixup(0.2), l2(1e-3)"]).Succeeded();
        shell.Run([.. train, "--out", "whole"]).Succeeded();
        File.ReadAllBytes(shell.At("cut/model.safetensors")).ShouldBe(File.ReadAllBytes(shell.At("whole/model.safetensors")));
    }

    /// <summary>What the record of a run tells of its epochs, without times.</summary>
    private static string[] Figures(Shell shell, string folder)
    {
        using JsonDocument record = JsonDocument.Parse(File.ReadAllText(shell.At($"{folder}/run.json")));
        return
        [
            .. record.RootElement.GetProperty("epochs").EnumerateArray()
                .Select(epoch => $"{epoch.GetProperty("epoch")} {epoch.GetProperty("training")} {epoch.GetProperty("validation")}"),
        ];
    }

    /// <summary>Starts a run and ends it by a signal after the third epoch.</summary>
    private static void Cut(Shell shell, string[] train, string folder)
    {
        using Process process = shell.Start([.. train, "--out", folder]);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (process.StandardOutput.ReadLine() is { } line && !line.Contains("\"epoch\":3,", StringComparison.Ordinal))
        {
        }

        // The call itself, not the command: starting that can take longer than the rest of the run.
        (int signal, int exitCode) = IgnoresInterrupt() ? (Terminate, 143) : (Interrupt, 130);
        Kill(process.Id, signal).ShouldBe(0);
        string rest = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(exitCode, error.Result + rest);
        rest.ShouldContain("\"reason\":\"cancelled\"");
        rest.ShouldContain($"thalweg train --resume {folder}");
    }

    /// <summary>Whether this process and so its children ignore Ctrl-C, as those that a shell starts in the background do; the other signal
    /// ends a run in the same way.</summary>
    private static bool IgnoresInterrupt()
    {
        string? ignored = File.Exists("/proc/self/status")
            ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))
            : null;
        return ignored is not null && (Convert.ToUInt64(ignored["SigIgn:".Length..].Trim(), 16) & (1UL << (Interrupt - 1))) != 0;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    [Fact]
    public void There_is_nothing_to_resume_in_a_folder_without_a_run()
    {
        using Shell shell = new();
        shell.Refuses(["train", "--resume", "--out", "nowhere"], "nowhere", "no run");
        shell.Refuses(["train", "--resume"], "glyphs-1", "--out");
    }
}
