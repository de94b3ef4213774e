namespace Thalweg.Layers;

/// <summary>Numbers that depend on the position alone, grown to the longest sequence seen; no parameter and not saved.</summary>
/// <param name="width">Numbers per position.</param>
/// <param name="fill">The numbers of a position.</param>
internal sealed class PositionTable(int width, Action<int, double[]> fill)
{
    private const int FirstLength = 64;

    private Tensor? _table;

    /// <summary>cos and sin, alternating, of position / base^(2 i / width) for each pair i of a head.</summary>
    /// <exception cref="ThalwegException">The width is odd or the base not above 0.</exception>
    public static PositionTable Rotary(int width, double rotaryBase) => width >= 2 && width % 2 == 0 && rotaryBase > 0
        ? new(width, (position, numbers) =>
        {
            for (int i = 0; i < width; i += 2)
                (numbers[i + 1], numbers[i]) = Math.SinCos(position * Math.Pow(rotaryBase, -(double)i / width));
        })
        : throw new ThalwegException(
            $"[rotary positions] expected heads of an even width and a base above 0, got {width} and {rotaryBase}");

    /// <summary>The numbers of the first positions, <c>[length, width]</c>.</summary>
    public Tensor First(int length, DType dtype)
    {
        // Threads may grow the table at once: each continues with what it has made itself.
        Tensor? table = _table;
        if (table is null || table.DType != dtype || table.Shape[0] < length)
        {
            int rows = Math.Max(FirstLength, length);
            double[] values = new double[rows * width], numbers = new double[width];
            for (int position = 0; position < rows; position++)
            {
                fill(position, numbers);
                numbers.CopyTo(values, position * width);
            }

            _table = table = Tensor.From(values, [rows, width]).To(dtype).Clone();
        }

        return table.Slice(0, 0, length);
    }
}
