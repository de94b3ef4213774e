using Thalweg.Checkpoints;
using Thalweg.Initialization;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Models;

namespace Thalweg.Tests.Initialization;

public sealed class TransferTests
{
    [Fact]
    public void What_matches_is_taken_and_the_rest_is_told()
    {
        Sequential source = Make(3, DType.Float64), target = Make(5);
        float[] head = Values(target, "2.weight");
        TransferReport report = Transfer.FromModule(target, source);
        Values(target, "0.weight").ShouldBe([.. source.NamedParameters().First().Parameter.Value.ToArray<double>().Select(v => (float)v)]);
        Values(target, "2.weight").ShouldBe(head);
        report.Matched.ShouldBe(["0.weight", "1.gamma", "1.beta", "1.running_mean", "1.running_variance"], ignoreOrder: true);
        report.Entries.First(e => e.Name == "2.weight").ShouldBe(new TransferEntry("2.weight", [8, 5], TransferOutcome.OtherShape, [8, 3]));
        report.Unused.ShouldBe(["2.weight", "2.bias"]);
        report.ToString().ShouldBe("5 of 7 tensors matched; kept their start: 2.weight ([8, 5], there [8, 3]), 2.bias ([5], there [3]); " +
            "not used: 2.weight, 2.bias");
    }

    [Fact]
    public void Names_choose()
    {
        Sequential source = Make(3), target = Make(3, seed: 2);
        TransferReport report = Transfer.FromModule(target, source, "2.*");
        report.Matched.ShouldBe(["2.weight", "2.bias"]);
        report.Entries[0].Outcome.ShouldBe(TransferOutcome.LeftOut);
        Values(target, "0.weight").ShouldNotBe(Values(source, "0.weight"));
        Values(target, "2.weight").ShouldBe(Values(source, "2.weight"));
    }

    [Fact]
    public void A_file_serves_too()
    {
        string path = Path.Combine(Path.GetTempPath(), $"thalweg-transfer-{Environment.ProcessId}.safetensors");
        try
        {
            Sequential source = Make(3);
            SafetensorsWriter writer = new();
            ModuleState.Write(writer, source, name => name);
            writer.Write(path);
            Sequential target = Make(3, DType.Float64, seed: 2);
            Transfer.FromFile(target, path).Unused.ShouldBeEmpty();
            target.NamedParameters().First().Parameter.Value.ToArray<double>()
                .ShouldBe([.. Values(source, "0.weight").Select(v => (double)v)]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Nothing_in_common_is_refused()
    {
        Sequential target = (Sequential)new Sequential(new Dense(2, 2)).Initialize(1);
        float[] before = Values(target, "0.weight");
        Should.Throw<ThalwegException>(() => Transfer.FromModule(target, Make(3))).Message.ShouldContain("0 of 2 tensors matched");
        Values(target, "0.weight").ShouldBe(before);
    }

    private static readonly string[] s_notTransposed = ["2.weight"];

    [Theory]
    [InlineData("pt", null, true)]
    [InlineData("", WeightLayout.OutputsFirst, true)]
    [InlineData("", WeightLayout.InputsFirst, false)]
    [InlineData("pt", WeightLayout.InputsFirst, false)]
    public void Square_weights_lie_as_the_file_or_the_caller_says(string format, WeightLayout? layout, bool isTransposed)
    {
        Sequential target = MakeSquare(1);
        TransferReport report = FromForeign(writer => AddSquares(writer, format), path => Transfer.FromFile(target, path, layout: layout));
        float[] row = [1, 2, 3, 4], expected = isTransposed ? [1, 3, 2, 4] : row;
        Values(target, "0.weight").ShouldBe(expected);
        Values(target, "1.weight_ih_l0").ShouldBe(isTransposed ? [1, 3, 2, 4] : row);
        Values(target, "2.weight").ShouldBe(row);
        report.Entries.Where(entry => entry.IsTransposed).Select(entry => entry.Name)
            .ShouldBe(isTransposed ? ["0.weight", "1.weight_ih_l0", "1.weight_hh_l0"] : []);
        report.ToString().Contains("3 of them transposed from [out, in]", StringComparison.Ordinal).ShouldBe(isTransposed);
    }

    [Fact]
    public void Square_weights_that_could_lie_either_way_are_asked_for_and_nothing_is_filled()
    {
        Sequential target = MakeSquare(1);
        float[] before = Values(target, "0.weight");
        WeightLayoutException open = Should.Throw<WeightLayoutException>(
            () => FromForeign(writer => AddSquares(writer, ""), path => Transfer.FromFile(target, path)));
        open.Message.ShouldContain("square ones alone, which fit both; give the layout: OutputsFirst for PyTorch's");
        Values(target, "0.weight").ShouldBe(before);
        FromForeign(writer => AddSquares(writer, ""), path => Transfer.FromFile(target, path, "2.*")).Matched.ShouldBe(s_notTransposed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_weight_that_is_not_square_tells_of_the_others(bool isOutputsFirst)
    {
        Sequential target = (Sequential)new Sequential(new Dense(2, 2, bias: false), new Dense(2, 3, bias: false)).Initialize(1);
        FromForeign(
            writer =>
            {
                writer.Add<float>("0.weight", [2, 2], [1, 2, 3, 4]);
                writer.Add<float>("1.weight", isOutputsFirst ? [3, 2] : [2, 3], [1, 2, 3, 4, 5, 6]);
            },
            path => Transfer.FromFile(target, path)).Matched.Count().ShouldBe(2);
        Values(target, "0.weight").ShouldBe(isOutputsFirst ? [1, 3, 2, 4] : [1, 2, 3, 4]);
        Values(target, "1.weight").ShouldBe(isOutputsFirst ? [1, 3, 5, 2, 4, 6] : [1, 2, 3, 4, 5, 6]);
    }

    [Fact]
    public void Weights_of_both_kinds_are_asked_for()
    {
        Sequential target = (Sequential)new Sequential(new Dense(2, 3, bias: false), new Dense(3, 4, bias: false)).Initialize(1);
        Should.Throw<WeightLayoutException>(() => FromForeign(
            writer =>
            {
                writer.Add<float>("0.weight", [3, 2], new float[6]);
                writer.Add<float>("1.weight", [3, 4], new float[12]);
            },
            path => Transfer.FromFile(target, path))).Message.ShouldContain("some of each");
    }

    [Fact]
    public void A_file_of_this_library_says_how_its_weights_lie()
    {
        Sequential source = MakeSquare(1), target = MakeSquare(2);
        FromForeign(writer => ModuleState.Write(writer, source, name => name), path => Transfer.FromFile(target, path))
            .Unused.ShouldBeEmpty();
        Values(target, "0.weight").ShouldBe(Values(source, "0.weight"));
    }

    private static Sequential MakeSquare(ulong seed) =>
        (Sequential)new Sequential(new Dense(2, 2, bias: false), new Rnn(2, 2), new Embedding(2, 2)).Initialize(seed);

    private static void AddSquares(SafetensorsWriter writer, string format)
    {
        foreach (string name in (string[])["0.weight", "1.weight_ih_l0", "1.weight_hh_l0", "2.weight"])
            writer.Add<float>(name, [2, 2], [1, 2, 3, 4]);
        if (format.Length > 0)
            writer.SetMetadata("format", format);
    }

    private static TransferReport FromForeign(Action<SafetensorsWriter> fill, Func<string, TransferReport> take)
    {
        string path = Path.Combine(Path.GetTempPath(), $"thalweg-transfer-{Environment.ProcessId}-{Guid.NewGuid():N}.safetensors");
        try
        {
            SafetensorsWriter writer = new();
            fill(writer);
            writer.Write(path);
            return take(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Sequential Make(int outputs, DType dtype = DType.Float32, ulong seed = 1) =>
        (Sequential)new Sequential(new Dense(4, 8, bias: false), new BatchNorm1d(8), new Dense(8, outputs)).Initialize(seed, dtype);

    private static float[] Values(Module module, string name) =>
        module.NamedParameters().First(p => p.Name == name).Parameter.Value.ToArray<float>();
}
