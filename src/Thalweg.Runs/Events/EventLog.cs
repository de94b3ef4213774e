using System.Text;
using System.Text.Json;

namespace Thalweg.Runs;

/// <summary>The file <c>events.jsonl</c> of a run: its form and version in the first line, then an event a line, in order.</summary>
/// <remarks>A line is written by one call. A program that is killed leaves at most its last line cut off, which readers leave out and the
/// next writer removes.</remarks>
public sealed class EventLog : IDisposable
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "events.jsonl";

    private const string Form = "thalweg-events";
    private const int Version = 1;

    private static readonly byte[] s_head = Encoding.UTF8.GetBytes($$"""{"format":"{{Form}}","version":{{Version}}}""" + "\n");

    private readonly FileStream _stream;

    private EventLog(FileStream stream) => (_stream, Position) = (stream, stream.Position);

    /// <summary>Bytes of the whole lines so far.</summary>
    public long Position { get; private set; }

    /// <summary>Opens the log of a folder to write, or makes it; what it holds is kept, but for a line that was cut off.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="position">Bytes of the log to keep: the later lines are removed. Default all.</param>
    /// <exception cref="ThalwegException">The file cannot be written, or is no log, or of a newer version.</exception>
    public static EventLog Open(string folder, long position = long.MaxValue)
    {
        string path = Path.Combine(folder, FileName);
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1);
            byte[] bytes = new byte[Math.Min(stream.Length, position)];
            stream.ReadExactly(bytes);
            int whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
            stream.SetLength(whole);
            stream.Position = whole;
            if (whole == 0)
                stream.Write(s_head);
            else
                CheckHead(path, Encoding.UTF8.GetString(bytes, 0, Array.IndexOf(bytes, (byte)'\n')));
            return new EventLog(stream);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            stream?.Dispose();
            throw new ThalwegException(
                $"{path}: cannot write the events of the run ({error.Message}); choose another folder", error);
        }
        catch
        {
            stream?.Dispose();
            throw;
        }
    }

    /// <summary>Reads the events of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The events in order; a last line that was cut off is left out.</returns>
    /// <exception cref="ThalwegException">The file is missing, damaged or of a newer version: the message names the line.</exception>
    public static IReadOnlyList<RunEvent> Read(string folder)
    {
        string path = Path.Combine(folder, FileName), text = ReadText(path);
        string[] lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0)
            return [];
        CheckHead(path, lines[0]);
        return [.. lines.Skip(1).Select((line, index) => Parse(path, index + 2, line))];
    }

    /// <summary>Writes an event.</summary>
    /// <param name="item">The event.</param>
    /// <exception cref="IOException">The disk is full, or failed; the event can be written again.</exception>
    public void Write(RunEvent item)
    {
        ArgumentNullException.ThrowIfNull(item);
        byte[] line = Encoding.UTF8.GetBytes(item.ToJson() + "\n");

        // Where the last try failed, as on a full disk, part of its line may be there.
        if (_stream.Length != Position)
            _stream.SetLength(Position);
        _stream.Position = Position;
        _stream.Write(line);
        Position += line.Length;
    }

    /// <summary>Forces what has been written to the disk; may be called on any thread.</summary>
    internal void Flush() => RandomAccess.FlushToDisk(_stream.SafeFileHandle);

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static string ReadText(string path)
    {
        try
        {
            // A run may be writing to the file.
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using StreamReader reader = new(stream, Encoding.UTF8);
            return reader.ReadToEnd();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ThalwegException($"{path}: cannot read the events of the run ({error.Message}); give the folder of a run", error);
        }
    }

    private static void CheckHead(string path, string line)
    {
        try
        {
            using JsonDocument head = JsonDocument.Parse(line);
            if (head.RootElement.GetProperty("format").GetString() == Form)
            {
                if (head.RootElement.GetProperty("version").GetInt32() > Version)
                {
                    throw new ThalwegException(
                        $"{path}: expected events of version {Version}, found newer ones; update Thalweg to read them");
                }

                return;
            }
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // Said below.
        }

        throw new ThalwegException($"{path}: expected events of a run, whose first line names the format {Form}, found something else; "
            + "choose another folder");
    }

    private static RunEvent Parse(string path, int number, string line)
    {
        try
        {
            return RunEvent.FromJson(line);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or NotSupportedException)
        {
            throw new ThalwegException(
                $"{path}: line {number} is damaged ({error.Message.ReplaceLineEndings(" ")}); delete the line", error);
        }
    }
}
