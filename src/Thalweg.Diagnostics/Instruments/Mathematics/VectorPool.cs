namespace Thalweg.Diagnostics;

/// <summary>Vectors of one length that are used again: new ones of millions of bytes at each product cost more than the product.</summary>
/// <param name="length">Elements of each.</param>
internal sealed class VectorPool(int length)
{
    private readonly Stack<double[]> _free = [];

    /// <summary>A vector with any values.</summary>
    public double[] Rent() => _free.TryPop(out double[]? vector) ? vector : new double[length];

    /// <summary>Takes a vector back; one of another length is left to the collector.</summary>
    /// <param name="vector">The vector; nobody else may use it from here on.</param>
    public void Return(double[] vector)
    {
        if (vector.Length == length)
            _free.Push(vector);
    }
}
