namespace Thalweg.Core.Tests.Ops;

/// <summary>Contract rows of recurrent cells over time.</summary>
internal static class RecurrentCases
{
    private const int Time = 4, Batch = 3, Units = 5;

    public static IEnumerable<OpCase> All()
    {
        ulong index = 500;
        foreach (RecurrentCell cell in Enum.GetValues<RecurrentCell>())
        {
            (bool, int[]?)[] orders = [(false, null), (true, null), (false, [4, 2, 0]), (true, [1, 4, 3])];
            foreach ((bool reverse, int[]? lengths) in orders)
            {
                RecurrentScanOptions options = new(cell, reverse, lengths);
                Tensor[] inputs =
                [
                    OpCases.Values([Time, Batch, options.Gates * Units], index++), OpCases.Values([options.States, Batch, Units], index++),
                    OpCases.Values([Units, options.Gates * Units], index++, -0.7, 0.7), OpCases.Values([options.Gates * Units], index++),
                ];
                string name = $"recurrent {cell}{(reverse ? " reverse" : "")}{(lengths is null ? "" : " with lengths")}";
                yield return new(name, a => a[0].RecurrentScan(a[1], a[2], null, options), inputs[..3]);
                if (cell == RecurrentCell.Gru)
                    yield return new($"{name} and bias", a => a[0].RecurrentScan(a[1], a[2], a[3], options), inputs);
            }
        }

        RecurrentScanOptions once = new(RecurrentCell.Lstm);
        yield return new(
            "recurrent of one step",
            a => a[0].RecurrentScan(a[1], a[2], null, once), OpCases.Values([1, 2, 8], 590), OpCases.Values([2, 2, 2], 591),
            OpCases.Values([2, 8], 592));
    }
}
