using Thalweg.Kernels;

namespace Thalweg;

/// <summary>The vector registers that the kernels of this process use.</summary>
public static class SimdVectors
{
    /// <summary>Width in bits: 512, 256, 128, or 0 where elements are computed one at a time.</summary>
    /// <remarks>DOTNET_EnableAVX512, DOTNET_EnableAVX2 and DOTNET_EnableHWIntrinsic set to 0 narrow it.</remarks>
    public static int Bits => (int)VectorWidths.Best;
}
