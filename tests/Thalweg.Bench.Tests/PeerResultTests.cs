using Thalweg.Bench.Peers;

namespace Thalweg.Bench.Tests;

/// <summary>The protocol of the peers, and which of them counts.</summary>
public sealed class PeerResultTests
{
    private const string OfTorchSharp = "torch 2.10.0.0 threads=2 torchsharp=0.107.0 parameters=235146 loss=2.3124 way=by-hand stock=1.1e-003";
    private const string OfPyTorch = "torch 1.13.1 threads=2 coretype=SKYLAKEX parameters=235146 loss=2.3119 optimizer=foreach";

    private static readonly PeerDescription s_today = PeerDescription.Parse(OfTorchSharp), s_older = PeerDescription.Parse(OfPyTorch);
    private static readonly PeerSetting s_one = new(1, WaitPolicy.Unset), s_two = new(2, WaitPolicy.Passive);

    [Fact]
    public void A_peer_says_its_versions_and_what_it_trains()
    {
        s_today.Libtorch.ShouldBe(new Version(2, 10, 0));
        s_today.IsCurrent.ShouldBeTrue();
        s_today.Product.ShouldBe("TorchSharp 0.107.0, libtorch 2.10.0");
        (s_today.Parameters, s_today.Loss).ShouldBe((235146, 2.3124));
        s_older.IsCurrent.ShouldBeFalse();
        s_older.Product.ShouldBe("PyTorch 1.13.1");
    }

    [Theory]
    [InlineData("torch 2.9.1 threads=1", false)]
    [InlineData("torch 2.10.0+cpu threads=1", true)]
    [InlineData("torch 3.0.0a0+git1234", true)]
    public void Versions_are_compared_as_numbers(string line, bool isCurrent) => PeerDescription.Parse(line).IsCurrent.ShouldBe(isCurrent);

    [Theory]
    [InlineData("")]
    [InlineData("torch")]
    [InlineData("onnx 1.2")]
    public void A_line_without_a_version_is_refused(string line) =>
        Should.Throw<ThalwegException>(() => PeerDescription.Parse(line)).Message.ShouldContain("torch VERSION");

    [Fact]
    public void The_fastest_of_all_peers_counts()
    {
        PeerVerdict verdict = PeerVerdict.Of(
            [new(s_today, s_one, 0.003), new(s_today, s_two, 0.002), new(s_older, s_two, 0.0015)], ours: 0.001, allowOlder: false);
        verdict.Ratio.ShouldBe(1.5, 1e-12);
        verdict.ToString().ShouldBe("ratio: 1.500 (PyTorch 1.13.1, 2 threads, waiting passive)");
        verdict.ExitCode.ShouldBe(0);
    }

    [Fact]
    public void Without_todays_libtorch_there_is_no_ratio_unless_an_older_one_is_allowed()
    {
        PeerResult[] results = [new(s_older, s_one, 0.002)];
        PeerVerdict strict = PeerVerdict.Of(results, 0.001, allowOlder: false), mild = PeerVerdict.Of(results, 0.001, allowOlder: true);
        (strict.ToString(), strict.ExitCode).ShouldBe(("ratio: none", 3));
        (mild.ToString(), mild.ExitCode).ShouldBe(("ratio: 2.000 (PyTorch 1.13.1, 1 thread)", 0));
        PeerVerdict.Of([], 0.001, allowOlder: true).ExitCode.ShouldBe(3);
    }

    [Theory]
    [InlineData("parameters=235147 loss=2.31", "235147")]
    [InlineData("parameters=235146 loss=148", "148")]
    [InlineData("parameters=235146 loss=NaN", "NaN")]
    public void Peers_that_train_another_network_are_refused(string facts, string found)
    {
        PeerDescription.CheckAgreement([s_today, s_older]);
        PeerDescription.CheckAgreement([s_today, PeerDescription.Parse("torch 2.10.0")]);
        Should.Throw<ThalwegException>(() => PeerDescription.CheckAgreement([s_today, PeerDescription.Parse($"torch 1.13.1 {facts}")]))
            .Message.ShouldContain(found);
    }

    [Fact]
    public void A_single_thread_waits_for_nobody()
    {
        IReadOnlyList<PeerSetting> settings = PeerSetting.All([1, 2]);
        settings.Count(setting => setting.Threads == 1).ShouldBe(1);
        settings.Count(setting => setting.Threads == 2).ShouldBe(OperatingSystem.IsWindows() ? 1 : 3);
    }

    [Fact]
    public void A_place_without_a_peer_is_refused_and_a_root_goes_through_the_script()
    {
        string missing = Path.Combine(Path.GetTempPath(), $"no-peer-{Guid.NewGuid():N}");
        Should.Throw<ThalwegException>(() => PeerProgram.TorchSharp(missing)).Message.ShouldContain(missing);
        PeerProgram root = PeerProgram.TorchSharp(AppContext.BaseDirectory)!;
        root.File.ShouldEndWith("debian13.sh");
        root.Arguments.ShouldBe(["--run", AppContext.BaseDirectory]);
    }

    [Fact]
    public void A_row_of_the_table_names_peer_ratio_and_shares()
    {
        PeerVerdict verdict = PeerVerdict.Of([new(s_today, s_two, 0.0021)], ours: 0.0007, allowOlder: false);
        PeerTable.RowOf("mlp", verdict, 0.0007, new(0.00035, 0.00007)).ShouldBe(
            "row: | mlp | TorchSharp 0.107.0, libtorch 2.10.0, 2 threads, waiting passive | 2.10 | 0.700 | 3.00 | 60 % | 50 % |");
    }
}
