using Thalweg.Layers;

namespace Thalweg.Tests.Architecture;

/// <summary>References between the folders of <c>src/Thalweg</c> point down; see record 15 in <c>docs/adr</c>.</summary>
public sealed class FolderTests
{
    /// <summary>The floors from the ground up. A folder may use those below, and of its own floor those that do not lead
    /// back to it.</summary>
    private static readonly string[][] s_floors =
    [
        ["Settings", "TemporaryFiles"],
        ["Schedules", "Initializers", "Losses", "LinearAlgebra"],
        ["Layers", "Data", "Metrics"],
        ["Optimizers/Rules", "Optimizers", "Minimizers", "Regularizers"],
        ["Training", "Initialization", "Checkpoints"],
        ["Models", "Catalogues"],
    ];

    private static readonly FolderGraph s_graph = new(typeof(Module).Assembly, "src/Thalweg/");

    public static TheoryData<string> Folders => [.. s_graph.Folders];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_uses_no_floor_above_its_own(string folder)
    {
        int floor = FloorOf(folder);
        floor.ShouldBeGreaterThanOrEqualTo(0, $"{folder} has no floor; give it one here");
        string[] up = [.. s_graph.UsesOf(folder).Where(use => FloorOf(use.Key) > floor)
            .Select(use => $"{use.Key}: {string.Join(", ", use.Value.Take(10))}")];
        up.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void No_way_leads_back_to_a_folder(string folder)
    {
        Stack<string> open = new([folder]);
        Dictionary<string, string> from = [];
        while (open.TryPop(out string? at))
        {
            foreach (string next in s_graph.UsesOf(at).Keys.Where(next => from.TryAdd(next, at)))
                open.Push(next);
        }

        if (from.TryGetValue(folder, out string? last))
            last.ShouldBeNull($"{folder} <- {last}: {string.Join(", ", s_graph.UsesOf(last)[folder].Take(10))}");
    }

    [Fact]
    public void The_graph_sees_what_there_is()
    {
        s_graph.UsesOf("Layers").Keys.ShouldContain("Initializers");
        s_graph.UsesOf("Training").Keys.ShouldContain("Layers");
        s_graph.UsesOf("Schedules")["Settings"].ShouldContain("CosineSchedule -> Schedule");
        s_graph.Folders.ShouldBe(s_floors.SelectMany(floor => floor), ignoreOrder: true);
    }

    private static int FloorOf(string folder) => Array.FindIndex(s_floors, floor => floor.Contains(folder));
}
