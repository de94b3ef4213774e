using Thalweg.Checkpoints;
using Thalweg.Initialization;
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

    private static Sequential Make(int outputs, DType dtype = DType.Float32, ulong seed = 1) =>
        (Sequential)new Sequential(new Dense(4, 8, bias: false), new BatchNorm1d(8), new Dense(8, outputs)).Initialize(seed, dtype);

    private static float[] Values(Module module, string name) =>
        module.NamedParameters().First(p => p.Name == name).Parameter.Value.ToArray<float>();
}
