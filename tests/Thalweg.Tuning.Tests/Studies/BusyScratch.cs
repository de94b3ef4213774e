namespace Thalweg.Tuning.Tests.Studies;

public sealed class BusyScratch
{
    [Fact]
    public void Write()
    {
        List<string> lines = [];
        foreach (string order in (string[])["lag(4)", "lag(8)", "lag(16)", "lag(32)", "rounds(8)", "rounds(16)", "rounds(32)"])
        {
            double[] busy = [.. ((int[])[2, 4, 8]).Select(workers => VirtualStudy.Run(new MemoryStorage(), VirtualStudy.Definition(200, "random", "none", order), workers))];
            lines.Add($"| `{order}` | {string.Join(" | ", busy.Select(value => FormattableString.Invariant($"{100 * value:0} %")))} |");
        }

        File.WriteAllLines("/tmp/busy.txt", lines);
    }
}
