using System.Text.Json.Serialization;

namespace Thalweg.Data;

/// <summary>How one column of a table becomes features.</summary>
/// <param name="Name">Name of the column in the training data.</param>
/// <param name="Index">0-based position of the column in the training data.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(NumericEncoding), "numeric")]
[JsonDerivedType(typeof(CategoricalEncoding), "categorical")]
[JsonDerivedType(typeof(DroppedColumn), "dropped")]
public abstract record ColumnEncoding(string Name, int Index)
{
    /// <summary>Names of the features that the column yields, in order.</summary>
    [JsonIgnore]
    public abstract IReadOnlyList<string> FeatureNames { get; }
}

/// <summary>A numeric column: (g(x) - mean) / deviation, g being the identity or a logarithm; a missing value becomes 0.</summary>
/// <param name="Name">Name of the column in the training data.</param>
/// <param name="Index">0-based position of the column in the training data.</param>
/// <param name="Mean">Mean of g(x) over the training rows that have a value.</param>
/// <param name="Deviation">Standard deviation of g(x) over the same rows, above 0; 0 for a constant, which yields no feature.</param>
/// <param name="IsLogarithmic">Whether g(x) = sign(x) ln(1 + |x|), for positive values of great skewness; else g(x) = x.</param>
/// <param name="HasMissingIndicator">Whether a second feature is 1 where the value is missing: so when training rows lacked values.</param>
public sealed record NumericEncoding(string Name, int Index, double Mean, double Deviation, bool IsLogarithmic, bool HasMissingIndicator)
    : ColumnEncoding(Name, Index)
{
    /// <summary>Order in which dates are written, where x is a number of days since 1970-01-01; null for numbers.</summary>
    public DateOrder? Dates { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> FeatureNames =>
        [.. Deviation > 0 ? [Name] : Array.Empty<string>(), .. HasMissingIndicator ? [$"{Name} missing"] : Array.Empty<string>()];

    /// <summary>The feature for a value.</summary>
    /// <param name="value">The raw value; NaN for a missing one.</param>
    /// <returns>The standardized value; 0, which is the mean, for a missing one.</returns>
    public double Encode(double value) => double.IsNaN(value) ? 0 : (Scale(value) - Mean) / Deviation;

    internal double Scale(double value) => IsLogarithmic ? Math.CopySign(double.LogP1(Math.Abs(value)), value) : value;
}

/// <summary>A column of categories: one feature per category, 1 where it applies, else 0.</summary>
/// <param name="Name">Name of the column in the training data.</param>
/// <param name="Index">0-based position of the column in the training data.</param>
/// <param name="Categories">The categories that have a feature, as they are written, in ordinal order.</param>
/// <param name="HasMissing">Whether a missing value has a feature of its own: so when training rows lacked values.</param>
/// <param name="HasOther">Whether rare and unknown categories share a feature, else yield zeros: so when training had rare ones.</param>
public sealed record CategoricalEncoding(string Name, int Index, IReadOnlyList<string> Categories, bool HasMissing, bool HasOther)
    : ColumnEncoding(Name, Index)
{
    /// <summary>Whether the categories are those of a column of numbers, so that 3 is known as 3.0, too; default false.</summary>
    public bool AreNumbers { get; init; }

    /// <summary>Categories that training saw too rarely for a feature of their own, in ordinal order; null where they are too
    /// many to keep.</summary>
    public IReadOnlyList<string>? RareCategories { get; init; } = [];

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> FeatureNames =>
    [
        .. Categories.Select(category => $"{Name}={category}"),
        .. HasMissing ? [$"{Name} missing"] : Array.Empty<string>(),
        .. HasOther ? [$"{Name} other"] : Array.Empty<string>(),
    ];
}

/// <summary>A column that yields no feature.</summary>
/// <param name="Name">Name of the column in the training data.</param>
/// <param name="Index">0-based position of the column in the training data.</param>
/// <param name="Reason">Why, in a few words.</param>
public sealed record DroppedColumn(string Name, int Index, string Reason) : ColumnEncoding(Name, Index)
{
    /// <summary>What the column holds, as in <see cref="ColumnReport.Kind"/>; null in models of earlier versions.</summary>
    [JsonPropertyName("holds")]
    public string? Kind { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> FeatureNames => [];
}
