namespace Thalweg.Kernels;

/// <summary>
/// Which taps reach the results of a remainder modulo the stride, and from how far: one axis of a transposed convolution.
/// </summary>
internal readonly struct TapAxis
{
    private readonly int _padding, _dilation, _kernel;

    public TapAxis(int stride, int padding, int dilation, int kernel)
    {
        (Stride, _padding, _dilation, _kernel) = (stride, padding, dilation, kernel);
        (Least, Most) = (int.MaxValue, int.MinValue);
        for (int remainder = 0; remainder < stride; remainder++)
        {
            for (int tap = 0; tap < kernel; tap++)
            {
                if (Meets(remainder, tap))
                    (Least, Most) = (Math.Min(Least, Shift(remainder, tap)), Math.Max(Most, Shift(remainder, tap)));
            }
        }
    }

    public int Stride { get; }

    /// <summary>The least and the largest <see cref="Shift"/> of all taps and remainders.</summary>
    public int Least { get; }

    public int Most { get; }

    /// <summary>Whether a tap reaches results of a remainder.</summary>
    public bool Meets(int remainder, int tap) => (remainder + _padding - (tap * _dilation)) % Stride == 0;

    /// <summary>Result i of the remainder meets input i + shift.</summary>
    public int Shift(int remainder, int tap) => (remainder + _padding - (tap * _dilation)) / Stride;

    /// <summary>Number of taps that reach results of a remainder.</summary>
    public int Count(int remainder)
    {
        int count = 0;
        for (int tap = 0; tap < _kernel; tap++)
            count += Meets(remainder, tap) ? 1 : 0;
        return count;
    }
}
