namespace Thalweg.Kernels;

/// <summary>The windows of a pooling along one axis.</summary>
/// <param name="input">Length of the input.</param>
/// <param name="output">Number of windows.</param>
/// <param name="kernel">Places of a window; 0 for adaptive windows, which share the input out evenly.</param>
/// <param name="stride">Places from one window to the next.</param>
/// <param name="padding">Places before the input.</param>
/// <param name="dilation">Places from one element of a window to the next.</param>
internal readonly struct PoolAxis(int input, int output, int kernel, int stride, int padding, int dilation)
{
    /// <summary>Numbers per window in a table: first place inside the input, end, and the size that an average divides by.</summary>
    public const int Fields = 3;

    public int Input => input;

    public int Output => output;

    public int Kernel => kernel;

    public int Stride => stride;

    public int Padding => padding;

    public int Dilation => dilation;

    /// <summary>Whether every window slides and has an element inside the input.</summary>
    public bool IsSliding => kernel > 0 && (dilation == 1 || padding == 0);

    /// <summary>Windows that share the input out evenly: window i covers floor(i input / output) to ceil((i + 1) input / output).</summary>
    public static PoolAxis Adaptive(int input, int output) => new(input, output, 0, 0, 0, 1);

    /// <summary>Number of windows; the last one starts inside the input or the padding before it.</summary>
    public static int Count(int input, int kernel, int stride, int padding, int dilation, bool ceiling)
    {
        int room = input + (2 * padding) - (dilation * (kernel - 1)) - 1;
        if (room < 0)
            return ceiling && room > -stride ? 1 : 0;
        int count = ((room + (ceiling ? stride - 1 : 0)) / stride) + 1;
        return ceiling && (count - 1) * stride >= input + padding ? count - 1 : count;
    }

    /// <summary>Writes the windows.</summary>
    /// <param name="table">Room for <see cref="Fields"/> numbers per window.</param>
    /// <param name="paddedSize">Whether the size counts padded places.</param>
    public unsafe void Write(int* table, bool paddedSize)
    {
        for (int i = 0; i < output; i++, table += Fields)
        {
            int first, end, size;
            if (kernel == 0)
            {
                first = (int)((long)i * input / output);
                end = (int)((((long)(i + 1) * input) + output - 1) / output);
                size = end - first;
            }
            else
            {
                int start = (i * stride) - padding;
                size = Math.Min(start + kernel, input + padding) - start;
                first = start >= 0 ? start : start + ((-start + dilation - 1) / dilation * dilation);
                end = Math.Min(start + (dilation * (kernel - 1)) + 1, input);
                size = paddedSize ? size : end - first;
                // A dilated window may step over the whole input; it is empty then, and its first place must still be one of the input.
                if (first >= input)
                    first = end = input - 1;
            }

            (table[0], table[1], table[2]) = (first, end, size);
        }
    }
}
