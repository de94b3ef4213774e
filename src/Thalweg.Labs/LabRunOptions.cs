namespace Thalweg.Labs;

/// <summary>How large the experiments are.</summary>
public enum LabMode
{
    /// <summary>Some seconds for each lab, from built-in data alone.</summary>
    Quick,

    /// <summary>Larger networks, more steps and seeds; also on real data where <see cref="LabRunOptions.DataDirectory"/> is
    /// given.</summary>
    Full,

    /// <summary>As small as an experiment can be, for tests of the labs themselves.</summary>
    Tiny,
}

/// <summary>How labs are run.</summary>
public sealed record LabRunOptions
{
    /// <summary>How large the experiments are; default quick.</summary>
    public LabMode Mode { get; init; }

    /// <summary>Seeds of experiments with random numbers, 2 or more; null, the default, for 10 (3 in tiny mode).</summary>
    public int? Seeds { get; init; }

    /// <summary>The folder of real data, with <c>fashion-mnist</c>, <c>mnist</c>, <c>text</c> and the like in it; null, the default, for
    /// built-in data alone.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Values of <see cref="Lab.Options"/> by name, for all labs that have one of the name; default none.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Number of seeds.</summary>
    public int SeedCount => Seeds ?? Mode switch { LabMode.Tiny => 3, _ => 10 };

    /// <summary>Refuses values out of range.</summary>
    /// <exception cref="ThalwegException">There are too few seeds, or there is no data directory.</exception>
    public void Validate()
    {
        if (SeedCount is < 2 or > 1000)
            throw new ThalwegException($"[lab] expected 2 to 1000 seeds, got {SeedCount}; an interval needs two or more");
        if (DataDirectory is { } folder && !Directory.Exists(folder))
            throw new ThalwegException($"[lab] expected a folder of data, found none at {folder}; correct the path, or leave it out");
    }
}
