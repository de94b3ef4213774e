using System.Globalization;

namespace Thalweg.Models;

/// <summary>What a model says about one sample.</summary>
/// <param name="Label">Name of the most probable class; null where a number is learned.</param>
/// <param name="Class">Number of that class, from 0; -1 where a number is learned.</param>
/// <param name="Probability">Probability of that class, in [0, 1]; NaN where a number is learned.</param>
/// <param name="Number">The number, in the unit of the target; NaN for classes.</param>
public readonly record struct Prediction(string? Label, int Class, double Probability, double Number)
{
    /// <summary>As in <c>setosa (0.97)</c>, or the number.</summary>
    public override string ToString() => Label is null
        ? Number.ToString("R", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Label} ({Probability:0.##})");
}
