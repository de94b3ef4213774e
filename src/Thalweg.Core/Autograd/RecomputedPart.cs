namespace Thalweg;

/// <summary>A part of a computation that is computed again in its backward pass, with what its first time must be repeated with.</summary>
/// <param name="function">The part.</param>
internal sealed class RecomputedPart(Func<Tensor, Tensor> function)
{
    private readonly ForwardOptions _options = ForwardContext.Options;
    private List<RandomStream>? _draws;
    private bool _hasRun;

    /// <summary>Computes the part and notes which random streams modules draw from.</summary>
    public Tensor First(Tensor x)
    {
        if (_hasRun)
            return Again(x);

        using DrawTape tape = DrawTape.Write(_draws = []);
        Tensor y = function(x);
        _hasRun = true;
        return y;
    }

    /// <summary>Computes the part in the mode and with the random streams of the first time.</summary>
    public Tensor Again(Tensor x)
    {
        using ForwardScope context = ForwardContext.Restore(_options with { IsRepeat = true });
        using DrawTape tape = DrawTape.Read(_draws!);
        return function(x);
    }
}

/// <summary>A stretch of code whose draws are noted, or are those that were noted.</summary>
internal readonly ref struct DrawTape
{
    [ThreadStatic]
    private static List<RandomStream>? t_written, t_read;

    [ThreadStatic]
    private static int t_next;

    private readonly List<RandomStream>? _writtenBefore, _readBefore;
    private readonly int _nextBefore;

    private DrawTape(List<RandomStream>? written, List<RandomStream>? read, int next)
    {
        (_writtenBefore, _readBefore, _nextBefore) = (t_written, t_read, t_next);
        (t_written, t_read, t_next) = (written, read, next);
    }

    /// <summary>Notes draws; where others are being repeated, these are what is noted.</summary>
    public static DrawTape Write(List<RandomStream> draws) => new(draws, t_read, t_next);

    /// <summary>Repeats draws.</summary>
    public static DrawTape Read(List<RandomStream> draws) => new(null, draws, 0);

    /// <summary>The stream of a draw that repeats an earlier one.</summary>
    /// <exception cref="ThalwegException">The part draws more often than the first time.</exception>
    public static bool TryRepeat(out RandomStream stream)
    {
        if (t_read is not { } draws)
        {
            stream = default;
            return false;
        }

        stream = t_next < draws.Count ? draws[t_next++] : throw new ThalwegException(
            $"[recompute] expected {draws.Count} random draws, as when the part ran first, got more; a part that is computed again must " +
            "compute the same each time");
        t_written?.Add(stream);
        return true;
    }

    /// <summary>Notes a new draw.</summary>
    public static void Note(RandomStream stream) => t_written?.Add(stream);

    /// <summary>Goes back to what was before; draws that were repeated within count for what is around.</summary>
    public void Dispose()
    {
        int next = ReferenceEquals(t_read, _readBefore) ? t_next : _nextBefore;
        (t_written, t_read, t_next) = (_writtenBefore, _readBefore, next);
    }
}
