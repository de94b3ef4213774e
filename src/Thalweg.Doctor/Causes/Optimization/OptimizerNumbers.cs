using System.Reflection;
using Thalweg.Optimizers;

namespace Thalweg.Diagnosis;

/// <summary>Settings of named optimizers by the names that texts have.</summary>
internal static class OptimizerNumbers
{
    /// <summary>Value of a setting at the start; null where the optimizer has none of that name.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="name">Name of the setting, as in <c>b1</c>.</param>
    public static double? Find(NamedOptimizer optimizer, string name)
    {
        PropertyInfo? property = optimizer.GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
        return property?.GetValue(optimizer) switch
        {
            Hyperparameter value => value.At(0),
            double value => value,
            _ => null,
        };
    }
}
