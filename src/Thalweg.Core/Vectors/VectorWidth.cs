using System.Runtime.Intrinsics;

namespace Thalweg.Kernels;

/// <summary>The vector width that kernels run at.</summary>
internal enum VectorWidth
{
    /// <summary>One element at a time.</summary>
    Scalar = 0,

    /// <summary>128 bits: SSE and AdvSimd.</summary>
    Bits128 = 128,

    /// <summary>256 bits: AVX2 and FMA.</summary>
    Bits256 = 256,

    /// <summary>512 bits: AVX-512.</summary>
    Bits512 = 512,
}

/// <summary>Finds the widest vector that the process may use.</summary>
internal static class VectorWidths
{
    /// <summary>The widest vector that runs in hardware; DOTNET_EnableAVX512, DOTNET_EnableAVX2 and
    /// DOTNET_EnableHWIntrinsic narrow it.</summary>
    public static VectorWidth Best =>
        Vector512.IsHardwareAccelerated ? VectorWidth.Bits512
        : Vector256.IsHardwareAccelerated ? VectorWidth.Bits256
        : Vector128.IsHardwareAccelerated ? VectorWidth.Bits128
        : VectorWidth.Scalar;
}
