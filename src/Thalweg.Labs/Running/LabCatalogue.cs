namespace Thalweg.Labs;

/// <summary>All labs of this project.</summary>
public static class LabCatalogue
{
    private static readonly Lazy<IReadOnlyList<Lab>> s_all = new(Find);

    /// <summary>The labs in the order of their names.</summary>
    public static IReadOnlyList<Lab> All => s_all.Value;

    /// <summary>The lab of a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ThalwegException">There is none of that name: the message gives the nearest.</exception>
    public static Lab Of(string name) => All.FirstOrDefault(lab => lab.Name == name) ?? throw new ThalwegException(
        $"[lab] expected the name of a lab, got '{name}'; {NearestName.Advice(name, All.Select(lab => lab.Name))}");

    /// <summary>One third of the labs: every third one.</summary>
    /// <param name="third">Which, 1 to 3; null for all labs.</param>
    /// <exception cref="ThalwegException">The number is out of range.</exception>
    public static IReadOnlyList<Lab> Third(int? third) => third switch
    {
        null => All,
        >= 1 and <= 3 => [.. All.Where((_, i) => i % 3 == third - 1)],
        _ => throw new ThalwegException($"[lab] expected a third of 1 to 3, got {third}; 1 is the first"),
    };

    /// <summary>Labs are found by their type, so that a new one is one file.</summary>
    private static IReadOnlyList<Lab> Find() =>
    [
        .. typeof(Lab).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Lab)) && !type.IsAbstract)
            .Select(type => (Lab)Activator.CreateInstance(type)!)
            .OrderBy(lab => lab.Name, StringComparer.Ordinal),
    ];
}
