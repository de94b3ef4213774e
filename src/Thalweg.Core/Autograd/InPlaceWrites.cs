using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg;

/// <summary>Finds tensors that were written to between the forward pass and the backward pass that reads them: the derivatives would be
/// those of another computation.</summary>
/// <remarks>
/// Sought in debug builds, and in others where the AppContext switch <see cref="SwitchName"/> is on. Recording an operation notes a
/// checksum of its inputs, its result and what it saved; whichever of them the derivative of the operation reads is compared first. What it
/// does not read may have changed. Spans are written to without anybody's knowledge, so a count of writes would not do.
/// </remarks>
internal static class InPlaceWrites
{
    /// <summary>Name of the switch: true seeks such writes in release builds, false does not in debug builds.</summary>
    public const string SwitchName = "Thalweg.CheckInPlaceWrites";

#if DEBUG
    private const bool IsDebug = true;
#else
    private const bool IsDebug = false;
#endif

    /// <summary>Result of the operation that this thread differentiates now, whose inputs are compared when they are read.</summary>
    [ThreadStatic]
    private static Tensor? t_result;

    /// <summary>Which of its tensors have been compared, one bit each.</summary>
    [ThreadStatic]
    private static ulong t_compared;

    /// <summary>Whether such writes are looked for. A constant once compiled, so that it costs nothing where they are not.</summary>
    public static bool AreSought { get; } = AppContext.TryGetSwitch(SwitchName, out bool isOn) ? isOn : IsDebug;

    /// <summary>Notes what a recorded operation has read and made.</summary>
    /// <param name="result">Its result.</param>
    public static void Note(Tensor result)
    {
        int count = result.Call.Count;
        if (result.Checksums is not { } sums || sums.Length < count + 2)
            result.Checksums = sums = new ulong[count + 2];

        for (int position = 0; position < count + 2; position++)
            sums[position] = At(result, position)?.Checksum() ?? 0;
    }

    /// <summary>Compares from now on what the derivative of an operation reads.</summary>
    /// <param name="result">Result of the operation, or null for none.</param>
    /// <returns>The one before.</returns>
    public static Tensor? Differentiate(Tensor? result)
    {
        if (!AreSought)
            return null;

        Tensor? before = t_result;
        (t_result, t_compared) = (result, 0);
        return before;
    }

    /// <summary>Compares a tensor that is about to be used, if it belongs to the operation that is being differentiated.</summary>
    /// <exception cref="ThalwegException">It is not as it was in the forward pass.</exception>
    public static void CheckRead(Tensor tensor)
    {
        if (t_result is not { Op: { } creator, Checksums: { } sums } result)
            return;

        for (int position = 0; position < result.Call.Count + 2; position++)
        {
            ulong bit = position < 64 ? 1UL << position : 0;
            if (At(result, position) != tensor || (t_compared & bit) != 0)
                continue;

            t_compared |= bit;
            if (tensor.Checksum() != sums[position])
            {
                throw new ThalwegException($"[gradients] expected the tensor of shape {tensor.Shape} from {tensor.OpName} as " +
                    $"{creator.Name} read or made it, got one that was written to since; " +
                    "write to it after the backward pass, or to a copy made with Clone()");
            }
        }
    }

    /// <summary>Adds a word to a checksum; a word that differs changes it for certain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong sum, ulong word) => BitOperations.RotateLeft((sum ^ word) * 0x9E3779B97F4A7C15, 29);

    /// <summary>Inputs first, then the result, then what was saved.</summary>
    private static Tensor? At(Tensor result, int position)
    {
        ref readonly OpCall call = ref result.Call;
        return position < call.Count ? call[position] : position == call.Count ? result : call.Saved;
    }
}
