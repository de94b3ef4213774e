using System.Runtime.Intrinsics;

namespace Thalweg.Kernels;

/// <summary>The lane width that kernels run at.</summary>
internal enum LaneWidth
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

/// <summary>Finds the widest lane that the process may use.</summary>
internal static class LaneWidths
{
    /// <summary>The widest lane that runs in hardware; DOTNET_EnableAVX512, DOTNET_EnableAVX2 and DOTNET_EnableHWIntrinsic narrow
    /// it.</summary>
    public static LaneWidth Best =>
        Vector512.IsHardwareAccelerated ? LaneWidth.Bits512
        : Vector256.IsHardwareAccelerated ? LaneWidth.Bits256
        : Vector128.IsHardwareAccelerated ? LaneWidth.Bits128
        : LaneWidth.Scalar;
}
