namespace Thalweg.Tuning;

/// <summary>Lines of a study.</summary>
/// <param name="Lines">The lines, in the order in which they were appended.</param>
/// <param name="Position">Where the next line begins: what the next reading starts from.</param>
public sealed record StudyLines(IReadOnlyList<string> Lines, long Position);

/// <summary>Where a study is kept: a log of lines that several processes append to, and a sign of life of each worker.</summary>
/// <remarks>All that a study knows follows from its lines in their order, so a storage need not understand them: four methods make one.
/// <see cref="Update"/> is atomic; that is all that keeps workers from taking the same trial. Members may be called from several
/// threads.</remarks>
public abstract class StudyStorage : IDisposable
{
    /// <summary>The storage in words, without secrets, as in messages.</summary>
    public abstract string Description { get; }

    /// <summary>Reads the lines from a position on.</summary>
    /// <param name="position">0 for all of them, else the position of an earlier reading.</param>
    /// <exception cref="ThalwegException">The storage cannot be read.</exception>
    public abstract StudyLines Read(long position);

    /// <summary>Reads the lines from a position on and appends others, while nobody else can.</summary>
    /// <param name="position">As for <see cref="Read"/>.</param>
    /// <param name="append">Gets the new lines, and returns those to append; must be quick and must not use the storage.</param>
    /// <returns>The new lines with those that were appended, which are safe on the disk.</returns>
    /// <exception cref="ThalwegException">The storage is locked by another program, read-only or full: nothing was appended.</exception>
    public abstract StudyLines Update(long position, Func<IReadOnlyList<string>, IReadOnlyList<string>> append);

    /// <summary>Gives a sign of life.</summary>
    /// <param name="worker">The worker.</param>
    /// <exception cref="ThalwegException">The storage cannot be written.</exception>
    public abstract void Beat(string worker);

    /// <summary>How long ago a worker gave its last sign of life, by the clock of the storage.</summary>
    /// <param name="worker">The worker.</param>
    /// <returns>The time; null where it never did.</returns>
    public abstract TimeSpan? SilenceOf(string worker);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes what is open.</summary>
    /// <param name="disposing">Whether the caller disposes, and not the finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
