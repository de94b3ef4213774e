using System.Diagnostics.CodeAnalysis;

namespace Thalweg;

/// <summary>The errors of this project, each one line: what was expected, what was found, what to do.</summary>
internal static class Throw
{
    [DoesNotReturn]
    public static void Released(string opName) => throw new ThalwegException(
        $"[{opName}] expected a tensor whose step scope is still open, got one whose scope has ended; call Clone() inside the scope to copy it out");

    [DoesNotReturn]
    public static void OtherThread(string opName) => throw new ThalwegException(
        $"[{opName}] expected a tensor of a step scope that is open on this thread, got one of another thread's; " +
        "call Clone() on that thread and inside its scope to copy it out");

    [DoesNotReturn]
    public static void WrongType(string operation, DType expected, DType found) => throw new ThalwegException(
        $"[{operation}] expected {expected} elements, got {found}; convert with To({nameof(DType)}.{expected})");

    [DoesNotReturn]
    public static void NeedsFloat(string operation, DType found) => throw new ThalwegException(
        $"[{operation}] expected Float32 or Float64 elements, got {found}; convert with To(DType.Float32)");

    [DoesNotReturn]
    public static void WrongShape(string operation, string expected, Shape found) => throw new ThalwegException(
        $"[{operation}] expected {expected}, got {found}");

    [DoesNotReturn]
    public static void InnerSizes(Shape left, Shape right) => throw new ThalwegException(
        $"[matmul] expected inner sizes to match, got {left} x {right}; transpose or reshape one");

    /// <summary>Refuses operands of different element types.</summary>
    public static void IfTypesDiffer(string operation, Tensor a, Tensor b)
    {
        if (a.DType != b.DType)
        {
            throw new ThalwegException(
                $"[{operation}] expected operands of one element type, got {a.DType} and {b.DType}; convert one with To(...)");
        }
    }

    /// <summary>Refuses a number that is not above 0; otherwise returns it.</summary>
    public static double IfNotPositive(string operation, string argument, double value) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ThalwegException($"[{operation}] expected {argument} > 0, got {value}");

    /// <summary>Refuses a number below 0; otherwise returns it.</summary>
    public static double IfNegative(string operation, string argument, double value) => value >= 0
        ? value
        : throw new ThalwegException($"[{operation}] expected {argument} >= 0, got {value}");
}
