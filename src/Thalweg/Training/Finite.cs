using Thalweg.Kernels;

namespace Thalweg.Training;

/// <summary>Looks for NaN and infinity.</summary>
internal static unsafe class Finite
{
    /// <summary>Whether every element is an ordinary number.</summary>
    public static bool All(Tensor tensor)
    {
        Tensor x = tensor.Packed();
        bool finite = x.DType == DType.Float32
            ? Reduce.AllFinite(x.Pointer<float>(), (nint)x.Length)
            : Reduce.AllFinite(x.Pointer<double>(), (nint)x.Length);
        GC.KeepAlive(x);
        return finite;
    }
}
