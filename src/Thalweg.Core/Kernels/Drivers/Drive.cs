using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>How the loops of drivers are compiled.</summary>
internal static class Drive
{
    /// <summary>Fully optimized at the first call, and a method of its own.</summary>
    /// <remarks>
    /// Without the second, the JIT moves the loops of all widths into their caller once that is hot, spends its inlining budget
    /// on the first ones, and leaves calls in the others: power over float went from 1.1 to 45 ns per element a few seconds into a run.
    /// </remarks>
    public const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;
}
