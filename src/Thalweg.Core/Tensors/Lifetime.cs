using System.Runtime.CompilerServices;

namespace Thalweg;

/// <summary>Keeps tensors from being collected up to a point: kernels hold addresses, which the collector does not see.</summary>
internal static class Lifetime
{
    /// <summary>The tensors are reachable until this call; a tuple for <see cref="GC.KeepAlive"/> would cost memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void KeepAlive(Tensor? a, Tensor? b = null, Tensor? c = null, Tensor? d = null, Tensor? e = null)
    {
        // Being passed here is all that is needed.
    }
}
