using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>A function of one element, written once for every vector width and element type.</summary>
/// <typeparam name="T">The element type.</typeparam>
internal interface IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The function of each element of the vector.</summary>
    V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T>;
}

/// <summary>A function of two elements, written once for every vector width and element type.</summary>
/// <typeparam name="T">The element type.</typeparam>
internal interface IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The function of each pair of elements of the vectors.</summary>
    V Apply<V>(V a, V b)
        where V : unmanaged, ISimdVector<V, T>;
}

/// <summary>A function of three elements, written once for every vector width and element type.</summary>
/// <typeparam name="T">The element type.</typeparam>
internal interface ITernaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The function of each triple of elements of the vectors.</summary>
    V Apply<V>(V a, V b, V c)
        where V : unmanaged, ISimdVector<V, T>;
}
