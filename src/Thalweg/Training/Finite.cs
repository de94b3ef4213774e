namespace Thalweg.Training;

/// <summary>Looks for NaN and infinity.</summary>
internal static class Finite
{
    /// <summary>Whether every element is an ordinary number.</summary>
    public static bool All(Tensor tensor) => tensor.IsAllFinite();
}
