namespace Thalweg.Diagnostics;

/// <summary>Gradients of a table of vectors: rows that a sample did not look up are 0 and take no memory.</summary>
internal sealed class RowFactor : SampleFactor
{
    private readonly Tensor _rows;
    private readonly int[] _sampleOf, _symbolOf;
    private readonly int _symbols;

    /// <summary>Adds up the cotangents of each symbol in each sample.</summary>
    /// <param name="indices">Symbols <c>[samples, places]</c>, Int32.</param>
    /// <param name="d">Cotangents <c>[samples, places, width]</c>.</param>
    /// <param name="symbols">Rows of the table.</param>
    public RowFactor(Tensor indices, Tensor d, int symbols)
        : base(indices.Shape[0], (long)symbols * d.Shape[2], d.DType)
    {
        (int places, int[] symbol) = (indices.Shape[1], indices.ToArray<int>());
        Dictionary<(int Sample, int Symbol), int> slots = [];
        int[] slotOf = new int[symbol.Length];
        for (int i = 0; i < symbol.Length; i++)
        {
            (int, int) key = (i / places, symbol[i]);
            slots.TryAdd(key, slots.Count);
            slotOf[i] = slots[key];
        }

        _symbols = symbols;
        _sampleOf = [.. slots.Keys.Select(key => key.Sample)];
        _symbolOf = [.. slots.Keys.Select(key => key.Symbol)];
        _rows = d.Reshape([symbol.Length, d.Shape[2]]).ScatterAddRows(Tensor.Vector(slotOf), slots.Count);
    }

    public override bool MakesGradients => false;

    public override Tensor Gradients(int first, int count)
    {
        int[] slots = [.. Enumerable.Range(0, _sampleOf.Length).Where(slot => _sampleOf[slot] >= first && _sampleOf[slot] < first + count)];
        Tensor places = Tensor.Vector([.. slots.Select(slot => ((_sampleOf[slot] - first) * _symbols) + _symbolOf[slot])]);
        return _rows.GatherRows(Tensor.Vector(slots)).ScatterAddRows(places, count * _symbols).Reshape([count, checked((int)Size)]);
    }

    public override SampleMoments Measure(SampleGradientOptions options)
    {
        Tensor norms = _rows.SumSquaresOfRows().Reshape([_sampleOf.Length, 1]).ScatterAddRows(Tensor.Vector(_sampleOf), Samples)
            .Reshape([Samples]);
        Tensor? squares = options.SecondMoments
            ? _rows.Square().ScatterAddRows(Tensor.Vector(_symbolOf), _symbols).Reshape([checked((int)Size)])
            : null;
        return new(norms, squares, options.DotProducts ? DotProducts() : null);
    }

    /// <summary>Symbol by symbol: only samples that share one have a product.</summary>
    private Tensor DotProducts()
    {
        double[] products = new double[Samples * Samples];
        foreach (IGrouping<int, int> slots in Enumerable.Range(0, _sampleOf.Length).GroupBy(slot => _symbolOf[slot]))
        {
            Tensor rows = _rows.GatherRows(Tensor.Vector([.. slots]));
            int[] samples = [.. slots.Select(slot => _sampleOf[slot])];
            int[] pairs = [.. samples.SelectMany(left => samples.Select(right => (left * Samples) + right))];
            double[] values = rows.MatMul(rows.Transpose()).To(DType.Float64).ToArray<double>();
            for (int i = 0; i < pairs.Length; i++)
            {
                double sum = products[pairs[i]] + values[i];
                products[pairs[i]] = _rows.DType == DType.Float32 ? (float)sum : sum;
            }
        }

        return Tensor.From(products, [Samples, Samples]).To(_rows.DType);
    }
}
