using System.Runtime.InteropServices;
using Thalweg.Kernels;

namespace Thalweg.Bench;

/// <summary>OpenBLAS of the system, called in this process: single-precision products beside ours.</summary>
/// <remarks>Debian: <c>apt-get install libopenblas0-pthread</c>.</remarks>
internal sealed unsafe class OpenBlas
{
    private const int RowMajor = 101, AsItIs = 111, Transposed = 112;

    private readonly delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> _multiply;
    private readonly delegate* unmanaged<int, void> _setThreads;

    private OpenBlas(nint library)
    {
        _multiply = (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)
            NativeLibrary.GetExport(library, "cblas_sgemm");
        _setThreads = (delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads");
        Description = Marshal.PtrToStringAnsi(((delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "openblas_get_config"))()) ?? "";
    }

    /// <summary>Version, kernels and settings, in the library's own words.</summary>
    public string Description { get; }

    /// <summary>Loads the library, or null where there is none.</summary>
    /// <remarks>It runs its AVX-512 kernels where the processor has AVX-512: its own detection misses newer processors and
    /// picks slower ones.</remarks>
    public static OpenBlas? Load()
    {
        // The library reads the environment of the C library, which Environment.SetEnvironmentVariable leaves alone.
        if (VectorWidths.Best == VectorWidth.Bits512 && NativeLibrary.TryLoad("libc.so.6", out nint system))
        {
            ReadOnlySpan<byte> name = "OPENBLAS_CORETYPE\0"u8, value = "SKYLAKEX\0"u8;
            fixed (byte* n = name, v = value)
                ((delegate* unmanaged<byte*, byte*, int, int>)NativeLibrary.GetExport(system, "setenv"))(n, v, 1);
        }

        return NativeLibrary.TryLoad("libopenblas.so.0", out nint library) ? new OpenBlas(library) : null;
    }

    /// <summary>Times C = A B.</summary>
    public Timing Measure(
        MatMulCase product, int threads, int rounds, (AlignedMemory<float> A, AlignedMemory<float> B, AlignedMemory<float> C) operands)
    {
        _setThreads(threads);
        return Stopclock.Measure(repetitions => Multiply(product, operands, repetitions), rounds);
    }

    private void Multiply(
        MatMulCase product, (AlignedMemory<float> A, AlignedMemory<float> B, AlignedMemory<float> C) operands, int repetitions)
    {
        (int m, int n, int k) = (product.Rows, product.Columns, product.Depth);
        for (int i = 0; i < repetitions; i++)
        {
            _multiply(
                RowMajor, product.TransposeA ? Transposed
                    : AsItIs, product.TransposeB ? Transposed : AsItIs, m, n, k, 1, operands.A.Pointer, product.TransposeA ? m : k,
                operands.B.Pointer, product.TransposeB ? k : n, 0, operands.C.Pointer, n);
        }
    }
}
