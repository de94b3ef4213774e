namespace Thalweg.Kernels;

/// <summary>What a matrix product applies to each element as it is written.</summary>
internal enum FusedActivation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>max(x, 0); NaN stays NaN.</summary>
    Relu,
}

/// <summary>What happens to a matrix product as it is written: C = activation([C +] A B + bias), kept where a mask is above 0.</summary>
internal readonly unsafe struct Epilogue<T>
    where T : unmanaged
{
    /// <summary>One value per column of C that is added to each row, or null.</summary>
    public T* Bias { get; init; }

    /// <summary>Applied to the sums.</summary>
    public FusedActivation Activation { get; init; }

    /// <summary>
    /// Elements from C to a matrix that lies as C does, or 0 for none: where that is not above 0, as where a rectifier was idle,
    /// C becomes 0.
    /// </summary>
    public nint MaskDistance { get; init; }

    /// <summary>Whether sums are written as they are.</summary>
    public bool IsPlain => Bias == null && Activation == FusedActivation.None && MaskDistance == 0;

    /// <summary>Whether the product is added to what C holds.</summary>
    public bool Accumulate { get; init; }

    /// <summary>The same for the columns of C from <paramref name="column"/> on.</summary>
    public Epilogue<T> From(int column) => this with { Bias = Bias == null ? null : Bias + column };
}
