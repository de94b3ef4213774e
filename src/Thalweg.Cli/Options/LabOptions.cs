using System.CommandLine;
using Thalweg.Cli.Printing;
using Thalweg.Labs;

namespace Thalweg.Cli.Options;

/// <summary>The options with which labs are run.</summary>
internal sealed class LabOptions
{
    private readonly Option<bool> _quick = OptionFactory.Switch("--quick",
        "Small experiments on built-in data, some seconds each; the default");
    private readonly Option<bool> _full = OptionFactory.Switch("--full", "Large experiments, with --data-dir also on real data");
    private readonly Option<int?> _seeds = OptionFactory.Whole("--seeds", "N", 2, "Seeds of experiments with random numbers [default: 10]");
    private readonly Option<string?> _data = OptionFactory.Text("--data-dir", "DIR",
        "Folder with real data for --full: fashion-mnist, mnist, text, ...");

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Replaces what is under test: an option of a lab, as in initializer=orthogonal; can be repeated",
        HelpName = "OPTION=TEXT",
    };

    private readonly Option<int?> _parallel = OptionFactory.Whole(
        "--parallel", "N", 1, "Labs at a time, each on one thread; changes the speed alone [default: all processors]");

    private readonly Option<string?> _cache = OptionFactory.Text(
        "--cache", "DIR", $"Folder where results are kept [default: {LabRunner.DefaultCacheFolder}]");

    private readonly Option<bool> _noCache = OptionFactory.Switch("--no-cache", "Measure all again, and keep nothing");
    private readonly Option<string?> _record = OptionFactory.Text("--record", "FILE", "Write the verdicts to a file of recorded verdicts");
    private readonly Option<bool> _json = OptionFactory.Switch("--json", "Print JSON, one result per line");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_quick, _full, _seeds, _data, _set, _parallel, _cache, _noCache, _record, _json])
            command.Options.Add(option);
    }

    /// <summary>What the command line asks for.</summary>
    /// <exception cref="ThalwegException">Options contradict each other.</exception>
    public LabRunOptions Read(ParseResult parsed)
    {
        if (parsed.GetValue(_quick) && parsed.GetValue(_full))
            throw new ThalwegException("--quick and --full contradict each other; leave one out");
        if (parsed.GetValue(_noCache) && parsed.GetValue(_cache) is not null)
            throw new ThalwegException("--no-cache and --cache contradict each other; leave one out");
        if (parsed.GetValue(_data) is not null && !parsed.GetValue(_full))
            throw new ThalwegException("--data-dir: real data are used with --full alone; add --full, or leave it out");
        return new LabRunOptions
        {
            Mode = parsed.GetValue(_full) ? LabMode.Full : LabMode.Quick,
            Seeds = parsed.GetValue(_seeds),
            DataDirectory = parsed.GetValue(_data),
            Settings = SettingsOf(parsed.GetValue(_set) ?? []),
        };
    }

    /// <summary>Runs labs and prints what they find.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="labs">The labs.</param>
    /// <param name="finish">Takes the results; default null.</param>
    /// <returns>The exit code.</returns>
    public int Run(ParseResult parsed, IReadOnlyList<Lab> labs, Action<IReadOnlyList<LabResult>>? finish = null)
    {
        LabRunOptions options = Read(parsed);
        bool json = parsed.GetValue(_json);
        LabRunner runner = new(options)
        {
            CacheFolder = parsed.GetValue(_noCache) ? null : parsed.GetValue(_cache) ?? LabRunner.DefaultCacheFolder,
            Parallel = parsed.GetValue(_parallel) ?? Threads.Count,
        };
        using Interrupt interrupt = new();
        LabPrinter printer = new(json);
        runner.Progressed += printer.Progress;
        IReadOnlyList<LabResult> results;
        try
        {
            results = runner.Run(labs, interrupt.Token);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Interrupted; the results so far are kept, and the same command resumes");
            return interrupt.ExitCode;
        }

        LabVerdicts recorded = LabVerdicts.Recorded(options.Mode);
        if (parsed.GetValue(_record) is { } file)
            recorded.With(results).Save(file);
        finish?.Invoke(results);
        IReadOnlyList<(LabResult Result, LabVerdict Recorded)> differences = options.Settings.Count > 0 ? []
            : recorded.Differences(results);
        printer.End(results, differences);
        return differences.Count > 0 && parsed.GetValue(_record) is null ? ExitCode.Different : ExitCode.Success;
    }

    private static Dictionary<string, string> SettingsOf(string[] texts)
    {
        Dictionary<string, string> settings = [];
        foreach ((string name, string value) in texts.Select(Setting))
        {
            if (!settings.TryAdd(name, value))
            {
                throw new ThalwegException(
                    $"--set: expected each option once, got {name}={settings[name]} and {name}={value}; leave one out");
            }
        }

        return settings;
    }

    private static KeyValuePair<string, string> Setting(string text)
    {
        int sign = text.IndexOf('=', StringComparison.Ordinal);
        return sign > 0
            ? new(text[..sign], text[(sign + 1)..])
            : throw new ThalwegException($"--set: expected OPTION=TEXT, got '{text}'; write it as in initializer=orthogonal");
    }
}
