namespace Thalweg.Kernels;

/// <summary>What a matrix product applies to each element as it is written.</summary>
internal enum FusedActivation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>max(x, 0); NaN stays NaN.</summary>
    Relu,
}

/// <summary>What happens to a matrix product as it is written: C = activation([C +] A B + bias).</summary>
internal readonly unsafe struct Epilogue<T>
    where T : unmanaged
{
    /// <summary>One value per column of C that is added to each row, or null.</summary>
    public T* Bias { get; init; }

    /// <summary>Applied last.</summary>
    public FusedActivation Activation { get; init; }

    /// <summary>Whether the product is added to what C holds.</summary>
    public bool Accumulate { get; init; }

    /// <summary>The same for the columns of C from <paramref name="column"/> on.</summary>
    public Epilogue<T> From(int column) => this with { Bias = Bias == null ? null : Bias + column };
}
