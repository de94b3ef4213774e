using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Thalweg.Bench.Peers;
using Thalweg.Tests.Minimizers.Problems;

namespace Thalweg.Bench.Minimizers;

/// <summary>scipy's minimizers in a process of its own; it asks this side for every evaluation, so that both minimize
/// the same code.</summary>
internal sealed class ScipyProcess : IDisposable
{
    private const string Script = "bench/peers/scipy_minimizers.py", Remedy = "install it with: apt-get install python3-scipy";
    private const string Ready = "ready ", Done = "done ";
    private readonly Process _process;

    public ScipyProcess()
    {
        ProcessStartInfo start = new(PeerProgram.Python()) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(PeerProgram.FindFile(Script));
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new ThalwegException($"[minimizers] cannot start '{start.FileName}' ({exception.Message}); {Remedy}", exception);
        }

        Description = Read() is { } line && line.StartsWith(Ready, StringComparison.Ordinal)
            ? line[Ready.Length..]
            : throw new ThalwegException($"[minimizers] expected scipy, found none; {Remedy}");
    }

    /// <summary>Versions, in the peer's own words.</summary>
    public string Description { get; }

    /// <summary>Minimizes a problem.</summary>
    /// <returns>The counts, and the peer's closing words.</returns>
    public (Watch Watch, string Message) Minimize(string method, TestProblem problem)
    {
        Watch watch = new(problem);
        Write($"{method} {Text(problem.Start)}");
        double[] gradient = new double[problem.Variables];
        while (true)
        {
            string line = Read() ?? throw new ThalwegException(
                $"[minimizers] scipy ended within {problem.Name}; run {Script} by itself to see why");
            if (line.StartsWith(Done, StringComparison.Ordinal))
                return (watch, line[Done.Length..]);
            double value = watch.Evaluate([.. line.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture))], gradient);
            Write($"{Text([value])} {Text(gradient)}");
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static string Text(double[] numbers) => string.Join(' ', numbers.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));

    private string? Read() => _process.StandardOutput.ReadLine();

    private void Write(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }
}
