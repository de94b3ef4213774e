namespace Thalweg;

/// <summary>Element type of a <see cref="Tensor"/>.</summary>
public enum DType
{
    /// <summary>32-bit IEEE 754 floating point: the default for training.</summary>
    Float32 = 0,

    /// <summary>64-bit IEEE 754 floating point: for checks, second-order work and conformance.</summary>
    Float64 = 1,

    /// <summary>32-bit signed integers: class labels and row indices; takes no part in differentiation.</summary>
    Int32 = 2,
}

/// <summary>Facts about element types.</summary>
public static class DTypes
{
    /// <summary>Bytes per element.</summary>
    /// <param name="dtype">Element type.</param>
    public static int SizeOf(this DType dtype) => dtype == DType.Float64 ? 8 : 4;

    /// <summary>Whether the type takes part in differentiation.</summary>
    /// <param name="dtype">Element type.</param>
    public static bool IsFloat(this DType dtype) => dtype != DType.Int32;

    /// <summary>The element type that holds <typeparamref name="T"/>.</summary>
    /// <typeparam name="T"><see cref="float"/>, <see cref="double"/> or <see cref="int"/>.</typeparam>
    /// <exception cref="ThalwegException"><typeparamref name="T"/> is another type; use one of the three.</exception>
    public static DType Of<T>()
        where T : unmanaged =>
        typeof(T) == typeof(float) ? DType.Float32
        : typeof(T) == typeof(double) ? DType.Float64
        : typeof(T) == typeof(int) ? DType.Int32
        : throw new ThalwegException($"[dtype] expected float, double or int elements, got {typeof(T).Name}; convert them first");
}
