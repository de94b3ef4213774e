using System.Diagnostics;
using System.Globalization;
using Thalweg.Fuzz.Mutation;
using Thalweg.Fuzz.Targets;

namespace Thalweg.Fuzz;

/// <summary>Runs the inputs of one target, one after the other, and holds each to the limits.</summary>
internal sealed class Worker
{
    /// <summary>Exit codes: all inputs were run; one hung.</summary>
    public const int Done = 0, Hung = 3;

    /// <summary>How a line about a finding begins.</summary>
    public const string FindingMark = "! ";

    /// <summary>Bytes that may be allocated for each byte of text, and for any text.</summary>
    private const long BytesPerByte = 16, BytesForAny = 64L << 20;

    /// <summary>Stack of the thread that reads: that of the main thread on Windows, the least of the three systems.</summary>
    private const int StackBytes = 1 << 20;

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);

    private readonly FuzzOptions _options;
    private readonly FuzzTarget _target;
    private readonly string _folder;
    private readonly Dictionary<string, long> _findings = new(StringComparer.Ordinal);
    private long _index, _started, _accepted, _mostAllocated, _longestTicks;

    private Worker(FuzzOptions options)
    {
        _options = options;
        _target = FuzzTarget.Find(options.Targets[0]);
        _folder = Path.Combine(options.Folder!, "input");
        Directory.CreateDirectory(_folder);
    }

    /// <summary>Runs inputs until their number or the time is reached.</summary>
    public static int Run(FuzzOptions options)
    {
        Worker worker = new(options);
        Thread reader = new(worker.RunAll, StackBytes) { IsBackground = true };
        reader.Start();
        while (!reader.Join(TimeSpan.FromSeconds(0.5)))
        {
            long started = Interlocked.Read(ref worker._started);
            if (started == 0 || Stopwatch.GetElapsedTime(started) < s_longest || Debugger.IsAttached)
                continue;
            worker.Say($"input {worker._index}: still reading after {s_longest.TotalSeconds} s");
            return Hung;
        }

        return Done;
    }

    private void RunAll()
    {
        _target.Prepare(_folder);
        using Microsoft.Win32.SafeHandles.SafeFileHandle progress = File.OpenHandle(
            Progress.PathIn(_options.Folder!), FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        long first = _options.Only ?? _options.From, end = _options.Only + 1 ?? _options.Inputs;
        for (_index = first; _index < end; _index++)
        {
            double seconds = Environment.CpuUsage.TotalTime.TotalSeconds;
            if (seconds > _options.Seconds)
                break;
            new Progress(_index, seconds).Write(progress);
            RunOne();
        }

        double total = Environment.CpuUsage.TotalTime.TotalSeconds;
        new Progress(_index, total).Write(progress);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{_target.Name}: {_index - first} inputs from {first}, {_accepted} accepted, {total:0} s of processor time, longest "
            + $"{_longestTicks * 1000.0 / Stopwatch.Frequency:0} ms, most allocated {_mostAllocated / 1048576.0:0.0} MB, "
            + $"{_findings.Values.Sum()} failures of {_findings.Count} kinds"));
    }

    private void RunOne()
    {
        FuzzInput input = _target.Make(new Draws(_options.Seed, _target.Name, _index));
        input.Write(_folder);
        long before = GC.GetTotalAllocatedBytes(), start = Stopwatch.GetTimestamp();
        Interlocked.Exchange(ref _started, start);
        Exception? error = null;
        try
        {
            _target.Read(_folder, input);
            _accepted++;
        }
        catch (ThalwegException refusal)
        {
            error = FuzzTarget.IsOneLine(refusal.Message) ? null : new FormatException($"not one line: {refusal.Message}", refusal);
            if (_options.Only is not null)
                Console.WriteLine(refusal);
        }
        catch (Exception other)
        {
            error = other;
        }

        Interlocked.Exchange(ref _started, 0);
        long allocated = GC.GetTotalAllocatedBytes() - before;
        _longestTicks = Math.Max(_longestTicks, Stopwatch.GetTimestamp() - start);
        _mostAllocated = Math.Max(_mostAllocated, allocated);
        if (error is not null)
            Find($"{error.GetType().Name} {Origin(error)}", error.ToString());
        if (allocated > BytesForAny && allocated > BytesForAny + (BytesPerByte * input.UnpackedLength()))
            Find("allocation", $"{allocated} bytes allocated for {input.UnpackedLength()} bytes of text");
        if (_options.Only is not null)
            Console.WriteLine($"{string.Join(", ", input.Describe())}; {allocated} bytes allocated; {error}");
    }

    /// <summary>Says the first finding of a kind.</summary>
    private void Find(string kind, string text)
    {
        _findings[kind] = _findings.GetValueOrDefault(kind) + 1;
        if (_findings[kind] == 1)
            Say($"input {_index}: {kind}{Environment.NewLine}  {text.ReplaceLineEndings(Environment.NewLine + "  ")}");
    }

    private void Say(string text) => Console.WriteLine($"{FindingMark}{_target.Name}: {text}");

    /// <summary>The method of the project that an error came through last.</summary>
    private static string Origin(Exception error) => error.StackTrace?.Split('\n')
        .Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("at Thalweg", StringComparison.Ordinal)) ?? "";
}
