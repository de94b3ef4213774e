using System.Collections;
using System.Security.Cryptography;
using System.Text;
using Thalweg.Runs;

namespace Thalweg.Tuning;

/// <summary>The parameters that a study searches, in order; it cannot be changed.</summary>
/// <remarks>Written as the section <c>search:</c> of a recipe file, as texts, or in C#.</remarks>
public sealed class SearchSpace : IReadOnlyList<SearchParameter>, IEquatable<SearchSpace>
{
    private const string Section = "search";

    private readonly SearchParameter[] _parameters;
    private readonly int[] _order;

    /// <summary>Makes a space.</summary>
    /// <param name="parameters">The parameters, at least one; each path once; conditions name others of them, in no circle.</param>
    /// <exception cref="ThalwegException">There is none, a path stands there twice, or a condition cannot be met.</exception>
    public SearchSpace(params IEnumerable<SearchParameter> parameters)
    {
        _parameters = [.. parameters];
        SearchSpaceChecks.Refuse(_parameters);
        _order = SearchSpaceChecks.Order(_parameters);
        Digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToString())));
    }

    /// <inheritdoc/>
    public int Count => _parameters.Length;

    /// <summary>A hash of the text: equal spaces, equal digests.</summary>
    public string Digest { get; }

    /// <inheritdoc/>
    public SearchParameter this[int index] => _parameters[index];

    /// <summary>How many points there are; null where a parameter is a continuum, or they are more than 2^53.</summary>
    /// <remarks>Parameters with conditions count as if they were always there, so that it is an upper limit for such spaces.</remarks>
    public long? PointCount
    {
        get
        {
            double product = _parameters.Aggregate(
                1.0, (count, parameter) => count * (parameter.Distribution.Count ?? double.PositiveInfinity));
            return product <= 1L << 53 ? (long)product : null;
        }
    }

    /// <summary>Reads parameters.</summary>
    /// <param name="texts">One each, as in <c>training.optimizer.learning_rate=log(1e-5, 1)</c>.</param>
    /// <exception cref="ThalwegException">A text does not follow the grammar, or the space cannot be.</exception>
    public static SearchSpace Parse(params IEnumerable<string> texts) => new(texts.Select(SearchParameter.Parse));

    /// <summary>Reads the section <c>search:</c> of a recipe file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The space; null where the file has no such section.</returns>
    /// <exception cref="ThalwegException">The file is missing or damaged, or the space cannot be: the message names the line.</exception>
    public static SearchSpace? Load(string path) => Of(RecipeSection.Load(path, Section));

    /// <summary>Reads the section <c>search:</c> of the text of a recipe.</summary>
    /// <param name="yaml">The text.</param>
    /// <returns>The space; null where the text has no such section.</returns>
    /// <exception cref="ThalwegException">As for <see cref="Load"/>.</exception>
    public static SearchSpace? FromYaml(string yaml) => Of(RecipeSection.Parse(yaml, Section));

    /// <summary>The space as a section of a recipe file, which <see cref="FromYaml"/> reads back.</summary>
    public string ToYaml() => RecipeSection.Write(
        Section, _parameters.Select(parameter => new RecipeSectionEntry(parameter.Path, parameter.Definition)));

    /// <summary>The parameter of a path; null where there is none.</summary>
    /// <param name="path">The path.</param>
    public SearchParameter? Find(string path) => Array.Find(_parameters, parameter => parameter.Path == path);

    /// <summary>The point at coordinates of the unit cube; parameters whose condition does not hold are left out.</summary>
    /// <param name="units">A coordinate in [0, 1] for each parameter of the space, in its order.</param>
    public TrialPoint FromUnit(ReadOnlySpan<double> units)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(units.Length, Count);
        TrialValue?[] values = new TrialValue?[Count];
        foreach (int i in _order)
        {
            if (IsActive(i, values))
                values[i] = _parameters[i].Distribution.FromUnit(units[i]);
        }

        return Point(values);
    }

    /// <summary>The coordinates of a point in the unit cube: the middle of the cell of each value.</summary>
    /// <param name="point">A point of the space.</param>
    /// <returns>A coordinate for each parameter of the space; NaN for those that the point leaves out.</returns>
    public double[] ToUnit(TrialPoint point)
    {
        ArgumentNullException.ThrowIfNull(point);
        return [.. _parameters.Select(parameter => point[parameter.Path] is { } value && parameter.Distribution.Contains(value)
            ? parameter.Distribution.ToUnit(value)
            : double.NaN)];
    }

    /// <summary>Refuses a point that is none of this space.</summary>
    /// <param name="point">The point.</param>
    /// <exception cref="ThalwegException">A path is unknown, left out or superfluous, or its value is not one of the
    /// distribution.</exception>
    public void Check(TrialPoint point)
    {
        ArgumentNullException.ThrowIfNull(point);
        SearchSpaceChecks.Refuse(this, point);
    }

    /// <summary>The parameters as texts, one a line.</summary>
    public override string ToString() => string.Join('\n', (object[])_parameters);

    /// <inheritdoc/>
    public bool Equals(SearchSpace? other) => other is not null && Digest == other.Digest;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SearchSpace);

    /// <inheritdoc/>
    public override int GetHashCode() => Digest.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public IEnumerator<SearchParameter> GetEnumerator() => ((IEnumerable<SearchParameter>)_parameters).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Indices of the parameters, each behind those that its condition names.</summary>
    internal ReadOnlySpan<int> DependencyOrder => _order;

    /// <summary>Whether a trial has a parameter, given the values of those that its condition names.</summary>
    internal bool IsActive(int index, TrialValue?[] values) =>
        _parameters[index].When?.Holds(path => values[Array.FindIndex(_parameters, other => other.Path == path)]) ?? true;

    /// <summary>The point of some values; null for parameters that it leaves out.</summary>
    internal TrialPoint Point(TrialValue?[] values) => new(_parameters.Zip(values).Where(pair => pair.Second is not null)
        .Select(pair => new KeyValuePair<string, TrialValue>(pair.First.Path, pair.Second!.Value)));

    private static SearchSpace? Of(IReadOnlyList<RecipeSectionEntry> entries) =>
        entries.Count == 0 ? null : new(entries.Select(SearchSpaceChecks.Parameter));
}
