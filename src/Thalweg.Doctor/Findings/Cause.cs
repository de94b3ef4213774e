namespace Thalweg.Diagnosis;

/// <summary>A cause of failed or poor training, from a closed catalog: see <see cref="All"/>.</summary>
/// <remarks>Names and explanations in English and Chinese lie in the tables of texts, see <see cref="DoctorTexts"/>.</remarks>
public sealed partial record Cause
{
    private Cause(string id, CauseGroup group, string claim, string source) => (Id, Group, Claim, Source) = (id, group, claim, source);

    /// <summary>Its name in events, options and tables, as in <c>dead_relu</c>.</summary>
    public string Id { get; }

    /// <summary>What it lies in.</summary>
    public CauseGroup Group { get; }

    /// <summary>Name of the lab that shows the mechanism, as in <c>saturation</c>; empty where there is none.</summary>
    public string Claim { get; }

    /// <summary>Where the mechanism is described.</summary>
    public string Source { get; }

    /// <summary>Name in a language, as in <c>dead ReLU units</c>.</summary>
    /// <param name="language">A language of <see cref="DoctorTexts.Languages"/>; default English.</param>
    /// <exception cref="ThalwegException">There are no texts in that language.</exception>
    public string Name(string language = DoctorTexts.English) => DoctorTexts.For(language)[$"cause.{Id}.name"];

    /// <summary>Why it hurts, in two sentences.</summary>
    /// <param name="language">A language of <see cref="DoctorTexts.Languages"/>; default English.</param>
    /// <exception cref="ThalwegException">There are no texts in that language.</exception>
    public string Why(string language = DoctorTexts.English) => DoctorTexts.For(language)[$"cause.{Id}.why"];

    /// <summary>The cause of an id.</summary>
    /// <param name="id">The id, as in <c>dead_relu</c>.</param>
    /// <exception cref="ThalwegException">There is no such cause: the message gives the nearest.</exception>
    public static Cause Parse(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return All.FirstOrDefault(cause => cause.Id == id)
            ?? throw new ThalwegException($"[doctor] expected a cause such as {Nearest(id)}, got '{id}'; see docs/doctor.md for all");
    }

    /// <summary>The id.</summary>
    public override string ToString() => Id;

    private static string Nearest(string id) => All.MinBy(cause => Distance(cause.Id, id))!.Id;

    /// <summary>Edit distance. Source: Wagner, Fischer, The string-to-string correction problem, 1974.</summary>
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            (int diagonal, row[0]) = (row[0], i);
            for (int j = 1; j <= right.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}

/// <summary>What a cause lies in.</summary>
public enum CauseGroup
{
    /// <summary>Starting weights and signals.</summary>
    Signals,

    /// <summary>Learning rate, optimizer and the surface of the loss.</summary>
    Optimization,

    /// <summary>Normalization and regularization, and what becomes of them on new data.</summary>
    Generalization,

    /// <summary>Size of the network and length of the run.</summary>
    Capacity,

    /// <summary>The data.</summary>
    Data,

    /// <summary>Loss and outputs that do not fit each other.</summary>
    Outputs,

    /// <summary>How the run is made and judged.</summary>
    Process,
}
