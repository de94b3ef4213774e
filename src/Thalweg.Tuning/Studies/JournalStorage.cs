using System.Diagnostics;
using System.Text;

namespace Thalweg.Tuning;

/// <summary>A study in a text file, a line of JSON for each thing that happened: the storage for one machine.</summary>
/// <remarks>Processes take turns by an exclusive handle on a second file (<c>.lock</c>), which Windows, macOS and Linux all release when a
/// process dies. A line is written by one call and forced to the disk. A process that is killed leaves at most its last line cut off, which
/// is dropped by the next one that writes.</remarks>
public sealed class JournalStorage : StudyStorage
{
    /// <summary>Name of the file in the folder of a study.</summary>
    public const string FileName = "study.jsonl";

    private const int PatienceSeconds = 60, PauseMilliseconds = 5;

    private readonly string _path;
    private readonly TimeSpan _patience;

    /// <summary>Names a journal, which is made by the first line.</summary>
    /// <param name="path">The file; its folder exists.</param>
    public JournalStorage(string path)
        : this(path, TimeSpan.FromSeconds(PatienceSeconds))
    {
    }

    /// <param name="path">The file.</param>
    /// <param name="patience">How long to wait for another process.</param>
    internal JournalStorage(string path, TimeSpan patience)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        (_path, _patience) = (Path.GetFullPath(path), patience);
    }

    /// <inheritdoc/>
    public override string Description => _path;

    private string WorkersPath => $"{_path}.workers";

    /// <inheritdoc/>
    public override StudyLines Read(long position)
    {
        try
        {
            if (!File.Exists(_path))
                return new StudyLines([], 0);
            using FileStream stream = new(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return Read(stream, position);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ThalwegException($"{_path}: cannot read the study ({error.Message}); check the file and its permissions", error);
        }
    }

    /// <inheritdoc/>
    public override StudyLines Update(long position, Func<IReadOnlyList<string>, IReadOnlyList<string>> append)
    {
        ArgumentNullException.ThrowIfNull(append);
        try
        {
            using FileStream turn = TakeTurn();
            using FileStream stream = new(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            StudyLines known = Read(stream, position);

            // What stands behind the last line end was cut off by the end of a program.
            stream.SetLength(known.Position);
            IReadOnlyList<string> added = append(known.Lines);
            if (added.Count == 0)
                return known;
            byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(added.Select(line => $"{line}\n")));
            Write(stream, bytes, known.Position);
            return new StudyLines([.. known.Lines, .. added], known.Position + bytes.Length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ThalwegException($"{_path}: cannot write the study ({error.Message}); make room, allow writing there, or choose another "
                + "folder", error);
        }
    }

    /// <inheritdoc/>
    public override void Beat(string worker)
    {
        try
        {
            Directory.CreateDirectory(WorkersPath);
            string path = Path.Combine(WorkersPath, worker);
            if (!File.Exists(path))
                File.WriteAllText(path, "");
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ThalwegException($"{WorkersPath}: cannot give a sign of life ({error.Message}); allow writing there", error);
        }
    }

    /// <inheritdoc/>
    public override TimeSpan? SilenceOf(string worker)
    {
        string path = Path.Combine(WorkersPath, worker);
        return File.Exists(path) ? DateTime.UtcNow - File.GetLastWriteTimeUtc(path) : null;
    }

    private static StudyLines Read(FileStream stream, long position)
    {
        if (stream.Length <= position)
            return new StudyLines([], Math.Min(position, stream.Length));
        byte[] bytes = new byte[stream.Length - position];
        stream.Position = position;
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        int whole = Array.LastIndexOf(bytes, (byte)'\n', Math.Max(0, read - 1)) + 1;
        string[] lines = Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new StudyLines(lines, position + whole);
    }

    /// <summary>Writes all or nothing, but for a process that is killed.</summary>
    private static void Write(FileStream stream, byte[] bytes, long position)
    {
        stream.Position = position;
        try
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }
        catch
        {
            stream.SetLength(position);
            throw;
        }
    }

    private FileStream TakeTurn()
    {
        string path = $"{_path}.lock";
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (File.Exists(path))
            {
                if (Stopwatch.GetElapsedTime(begun) >= _patience)
                {
                    throw new ThalwegException($"{_path}: the study is locked: another program has held {Path.GetFileName(path)} for "
                        + $"{_patience.TotalSeconds:0} s; end that program, or wait and resume", error);
                }

                Thread.Sleep(PauseMilliseconds);
            }
        }
    }
}
