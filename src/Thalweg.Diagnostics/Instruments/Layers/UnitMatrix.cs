namespace Thalweg.Diagnostics;

/// <summary>Values of a layer as rows of units in double, of large layers some rows and units, evenly chosen.</summary>
public sealed class UnitMatrix
{
    private UnitMatrix(int rows, int units) => (Rows, Units, Values) = (rows, units, new double[(long)rows * units]);

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of units.</summary>
    public int Units { get; }

    /// <summary>The values, row after row.</summary>
    public double[] Values { get; }

    /// <summary>Products of all pairs of units, <c>[units, units]</c>: X'X.</summary>
    public double[] Products()
    {
        Tensor x = Tensor.From(Values, [Rows, Units]);
        return x.Transpose().MatMul(x).ToArray<double>();
    }

    internal static UnitMatrix Of(LayerOutput layer, int maxRows, int maxUnits)
    {
        (int rows, int units) = (Math.Min(layer.Rows, maxRows), Math.Min(layer.Units, maxUnits));
        UnitMatrix matrix = new(rows, units);
        FlatReader values = new(layer.Values);
        (int run, long width) = (layer.Run, (long)layer.Units * layer.Run);
        for (int row = 0; row < rows; row++)
        {
            // Row r of all lies in block r / run, at r % run of each unit.
            long source = (long)row * layer.Rows / rows, start = (source / run * width) + (source % run);
            for (int unit = 0; unit < units; unit++)
            {
                matrix.Values[((long)row * units) + unit] = values[start + ((long)unit * layer.Units / units * run)];
            }
        }

        return matrix;
    }
}
