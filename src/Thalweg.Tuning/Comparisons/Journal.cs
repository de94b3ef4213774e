using System.Text;
using System.Text.Json;

namespace Thalweg.Tuning;

/// <summary>What a comparison has done so far, a line for each finished trial: what is in it need not be done again.</summary>
/// <remarks>A line is written by one call and forced to the disk. A program that is killed leaves at most its last line cut off, which is
/// dropped when the journal is opened again.</remarks>
internal sealed class Journal : IDisposable
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "journal.jsonl";

    private readonly FileStream _stream;
    private readonly List<ComparisonTrial> _trials = [];

    private Journal(FileStream stream) => _stream = stream;

    /// <summary>The finished trials, in the order in which they ended.</summary>
    public IReadOnlyList<ComparisonTrial> Trials => _trials;

    /// <summary>The reading of the test set, if there was one.</summary>
    public TestResult? Test { get; private set; }

    /// <summary>Opens the journal of a folder, or makes it.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="fingerprint">Names the options and the data.</param>
    /// <exception cref="ThalwegException">The journal belongs to another comparison, is damaged, or is in use.</exception>
    public static Journal Open(string folder, string fingerprint)
    {
        string path = Path.Combine(folder, FileName);
        Journal? journal = null;
        try
        {
            journal = new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));
            journal.Read(path, fingerprint);
            return journal;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            journal?.Dispose();
            throw new ThalwegException(
                $"{path}: cannot open the journal ({error.Message}); does another comparison run there? choose another folder", error);
        }
        catch
        {
            journal?.Dispose();
            throw;
        }
    }

    /// <summary>Takes down a finished trial.</summary>
    public void Add(ComparisonTrial trial)
    {
        Write(new JournalLine { Trial = trial });
        _trials.Add(trial);
    }

    /// <summary>Takes down the reading of the test set.</summary>
    public void Add(TestResult test)
    {
        Write(new JournalLine { Test = test });
        Test = test;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private void Write(JournalLine line)
    {
        byte[] bytes = [.. JsonSerializer.SerializeToUtf8Bytes(line, TuningJson.Default.JournalLine), (byte)'\n'];
        _stream.Write(bytes);
        _stream.Flush(flushToDisk: true);
    }

    private void Read(string path, string fingerprint)
    {
        byte[] bytes = new byte[_stream.Length];
        _stream.ReadExactly(bytes);

        // What stands behind the last line end was cut off by the end of the program.
        int whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        _stream.SetLength(whole);
        _stream.Position = whole;
        string[] lines = Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0)
        {
            Write(new JournalLine { Fingerprint = fingerprint });
            return;
        }

        for (int i = 0; i < lines.Length; i++)
            Take(Parse(path, i, lines[i]), i == 0, path, fingerprint);
    }

    private void Take(JournalLine line, bool isFirst, string path, string fingerprint)
    {
        if (isFirst && line.Fingerprint != fingerprint)
        {
            throw new ThalwegException(
                $"{path}: the journal is that of other data or other options; choose another folder, or bring the old ones back");
        }

        if (line.Trial is { } trial)
            _trials.Add(trial);
        Test = line.Test ?? Test;
    }

    private static JournalLine Parse(string path, int number, string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, TuningJson.Default.JournalLine)!;
        }
        catch (JsonException error)
        {
            throw new ThalwegException($"{path}: line {number + 1} is damaged ({error.Message.ReplaceLineEndings(" ")}); "
                + "delete it, and the trial is run again", error);
        }
    }
}

/// <summary>A line of the journal: one of these.</summary>
internal sealed record JournalLine
{
    /// <summary>Options and data of the comparison; the first line.</summary>
    public string? Fingerprint { get; init; }

    public ComparisonTrial? Trial { get; init; }

    public TestResult? Test { get; init; }
}
