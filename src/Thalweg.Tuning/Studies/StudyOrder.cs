using System.Globalization;

namespace Thalweg.Tuning;

/// <summary>Which results a trial is proposed from, by the numbers of the trials alone.</summary>
public enum StudyOrderKind
{
    /// <summary>From those of trials that began a fixed number of places earlier, or more.</summary>
    Lag,

    /// <summary>From those of all earlier rounds of a fixed number of trials.</summary>
    Rounds,
}

/// <summary>The order in which a study sees its results: it depends on the study alone, and not on which trial ends first, so that the
/// trials are the same for any number of workers.</summary>
/// <param name="Kind">Lag or rounds.</param>
/// <param name="Width">Trials that can be under way at once, 1 or more: of a lag of k, trial n is proposed from the results of the trials
/// up to n - k; a round of k is proposed from all earlier rounds. 1 for both means one after the other. The larger, the less a worker
/// waits, and the older the results.</param>
public sealed record StudyOrder(StudyOrderKind Kind, int Width)
{
    /// <summary>The default: a lag of 8.</summary>
    public static StudyOrder Default { get; } = new(StudyOrderKind.Lag, 8);

    /// <summary>Trials that can be under way at once, 1 or more.</summary>
    public int Width { get; } = Width >= 1 ? Width
        : throw new ThalwegException($"[study] expected an order with a width of 1 or more, got {Width}; lag(8) is usual");

    /// <summary>Reads an order.</summary>
    /// <param name="text"><c>lag(K)</c> or <c>rounds(K)</c>.</param>
    /// <exception cref="ThalwegException">It is neither.</exception>
    public static StudyOrder Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (StudyOrderKind kind in Enum.GetValues<StudyOrderKind>())
        {
            string prefix = $"{kind.ToString().ToLowerInvariant()}(";
            if (text.StartsWith(prefix, StringComparison.Ordinal) && text.EndsWith(')')
                && int.TryParse(text[prefix.Length..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int width) && width > 0)
            {
                return new StudyOrder(kind, width);
            }
        }

        throw new ThalwegException($"[study] expected an order such as lag(8) or rounds(8), got '{text}'; give one of these");
    }

    /// <summary>How many jobs, of those from 0 on, must have ended before a job can be chosen: it sees their results and no
    /// others.</summary>
    /// <param name="job">Number of the job, from 0.</param>
    public int SeenBy(int job) => Kind == StudyOrderKind.Rounds ? job / Width * Width : Math.Max(0, job - Width + 1);

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind.ToString().ToLowerInvariant()}({Width})");
}
