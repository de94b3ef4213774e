using System.Text.Json;
using Thalweg.Catalogues;
using Thalweg.Labs.Playground;
using Thalweg.Optimizers;

namespace Thalweg.Labs.Tests;

/// <summary>What the playground computes, in this process.</summary>
public sealed class PlaygroundTests
{
    private static Ground Ravine => new() { Surface = Surfaces.Ravine, X = -7, Y = 2, Steps = 20 };

    [Fact]
    public void Gradients_of_surfaces_are_their_slopes()
    {
        foreach (Surface surface in Surfaces.All)
        {
            double[] gradient = new double[2], unused = new double[2];
            foreach ((double share, double other) in ((double, double)[])[(0.13, 0.71), (0.52, 0.33), (0.91, 0.58)])
            {
                double x = surface.Bounds[0] + (share * (surface.Bounds[1] - surface.Bounds[0]));
                double y = surface.Bounds[2] + (other * (surface.Bounds[3] - surface.Bounds[2]));
                const double Step = 1e-6;
                surface.Value(x, y, gradient);
                double byX = (surface.Value(x + Step, y, unused) - surface.Value(x - Step, y, unused)) / (2 * Step);
                double byY = (surface.Value(x, y + Step, unused) - surface.Value(x, y - Step, unused)) / (2 * Step);
                double size = 1e-5 * (1 + Math.Abs(byX) + Math.Abs(byY));
                gradient[0].ShouldBe(byX, size, surface.Name);
                gradient[1].ShouldBe(byY, size, surface.Name);
            }
        }
    }

    [Fact]
    public void Every_optimizer_that_needs_no_layers_runs_on_every_surface()
    {
        Racer[] racers = [.. Catalogue.Optimizers.Where(entry => entry.Name != "kfac").Select(entry => new Racer(entry.Name))];
        foreach (Surface surface in Surfaces.All)
        {
            Ground ground = new() { Surface = surface.Name, X = surface.Start[0], Y = surface.Start[1], Steps = 3, Noise = 0.1 };
            foreach (RacePath path in Race.Run(new(ground, racers)).Paths)
            {
                path.Error.ShouldBeNull($"{path.Text} on {surface.Name}");
                (path.X.Count is > 1 and <= 4).ShouldBeTrue($"{path.Text} on {surface.Name}");
            }
        }
    }

    [Fact]
    public void A_path_is_that_of_the_optimizer_by_itself()
    {
        RacePath path = Race.Run(new(Ravine, [new("adam", new Dictionary<string, string> { ["learning_rate"] = "0.3" })])).Paths[0];
        OptimizerRun run = new(new Adam(0.3), ParameterSegments.Single(2), DType.Float64);
        double[] point = [-7, 2], gradient = new double[2];
        for (int step = 1; step <= 20; step++)
        {
            (gradient[0], gradient[1]) = (2 * point[0] / 20, 2 * point[1]);
            run.Step<double>(point, gradient);
            (path.X[step], path.Y[step]).ShouldBe((point[0], point[1]));
        }
    }

    [Fact]
    public void An_optimizer_that_cannot_run_says_why_and_stops_no_other()
    {
        IReadOnlyList<RacePath> paths = Race.Run(new(Ravine, [new("adaam"), new("kfac"), new("sgd")])).Paths;
        paths[0].Error.ShouldNotBeNull().ShouldContain("adam");
        paths[1].Error.ShouldNotBeNull().ShouldContain("layers");
        paths[2].X.Count.ShouldBe(21);
        Race.Run(new(Ravine, [new("sgd", new Dictionary<string, string> { ["learning_rate"] = "30" })])).Paths[0].Diverged.ShouldBeTrue();
        PlaygroundApi.Call("surface", """{"surface":"moon","condition":1,"columns":9,"rows":9}""").ShouldContain("\"error\"");
        PlaygroundApi.Call("race", "{").ShouldContain("\"error\"");
        PlaygroundApi.Call("tea", "{}").ShouldContain("\"error\"");
    }

    [Fact]
    public void Noise_follows_from_the_seed_and_falls_with_the_root_of_the_batch()
    {
        Ground noisy = new() { Surface = "bowl", X = 0, Y = 0, Steps = 1, Noise = 2 };
        Racer[] sgd = [new("sgd", new Dictionary<string, string> { ["learning_rate"] = "1" })];
        double one = Race.Run(new(noisy, sgd)).Paths[0].X[1], four = Race.Run(new(noisy with { Batch = 4 }, sgd)).Paths[0].X[1];
        one.ShouldNotBe(0);
        four.ShouldBe(one / 2, 1e-12);
        Race.Run(new(noisy, sgd)).Paths[0].X[1].ShouldBe(one);
        Race.Run(new(noisy with { Seed = 2 }, sgd)).Paths[0].X[1].ShouldNotBe(one);
    }

    [Fact]
    public void The_parts_of_momentum_add_up()
    {
        StepAnswer answer = UpdateParts.Of(new(Ravine, new("momentum", new Dictionary<string, string> { ["learning_rate"] = "0.1" }), 5));
        RuleStep rule = answer.Rules[0];
        UpdateTerm momentum = rule.Terms.Single(term => term.Kind == "momentum"), own = rule.Terms.Single(term => term.Kind == "gradient");
        momentum.X.ShouldBe(0.9 * rule.Slots[0].Before[0], 1e-12);
        own.Y.ShouldBe(answer.Gradient[1], 1e-12);
        (momentum.X + own.X).ShouldBe(rule.Output[0], 1e-12);
        answer.Update[0].ShouldBe(-0.1 * rule.Output[0], 1e-12);
        answer.Eigen[0][0].ShouldBe(0.1, 1e-6);
        answer.Eigen[1][0].ShouldBe(2, 1e-6);
    }

    [Fact]
    public void Adam_says_what_its_root_divided_by_and_what_its_correction_did()
    {
        StepAnswer answer = UpdateParts.Of(new(Ravine, new("adam"), 3));
        RuleStep rule = answer.Rules[0];
        double v = rule.Slots.Single(slot => slot.Name == "v").After[1], m = rule.Slots.Single(slot => slot.Name == "m").After[1];
        UpdateTerm root = rule.Terms.Single(term => term.Kind == "root"), correction = rule.Terms.Single(term => term.Kind == "correction");
        root.Y.ShouldBe(Math.Sqrt(v), 1e-6);
        correction.Y.ShouldBe(Math.Sqrt(1 - Math.Pow(0.999, 3)) / (1 - Math.Pow(0.9, 3)), 1e-6);
        (m / root.Y * correction.Y).ShouldBe(rule.Output[1], 1e-9);
        answer.Rules[^1].Output[1].ShouldBe(answer.Update[1], 1e-12);
    }

    [Fact]
    public void Every_update_can_be_taken_apart()
    {
        foreach (CatalogueEntry entry in Catalogue.Optimizers.Where(entry => entry.Name != "kfac"))
        {
            StepAnswer answer = UpdateParts.Of(new(Ravine with { Noise = 0.5 }, new(entry.Name), 4));
            answer.Rules.ShouldNotBeEmpty(entry.Name);
            RacePath path = Race.Run(new(Ravine with { Noise = 0.5 }, [new(entry.Name)])).Paths[0];
            answer.Point.ShouldBe([path.X[3], path.Y[3]], entry.Name);
        }
    }

    [Fact]
    public void The_map_finds_where_descent_turns_and_where_it_leaves()
    {
        // On y^2 descent turns from a rate of 0.5 on, and diverges from 1 on.
        MapAnswer map = ConvergenceMap.Make(new(Ravine with { Steps = 200 }, new("sgd"), "", [0.001, 0.45, 0.9, 1.1], [0]));
        map.Outcomes.ShouldBe([2, 0, 1, 3]);
        MapAnswer momentum = ConvergenceMap.Make(new(Ravine with { Steps = 300 }, new("momentum"), "mu", [0.3, 3], [0.9, 0]));
        momentum.Outcomes.ShouldBe([1, 3, 0, 3]);
    }

    [Fact]
    public void Signals_of_deep_networks_fade_or_stay_by_their_start()
    {
        SignalAnswer small = Signals.Measure(new() { Depth = 8, Initializer = "normal(0.01)" });
        SignalAnswer xavier = Signals.Measure(new() { Depth = 8 });
        SignalAnswer rescued = Signals.Measure(new() { Depth = 8, Initializer = "normal(0.01)", Normalization = "before" });
        small.Layers[7].Deviation.ShouldBeLessThan(1e-4 * small.Layers[0].Deviation);
        xavier.Layers[7].Deviation.ShouldBeGreaterThan(0.3 * xavier.Layers[0].Deviation);
        rescued.Layers[7].Deviation.ShouldBeGreaterThan(0.9 * rescued.Layers[0].Deviation);
        xavier.Layers[0].Forward.Sum().ShouldBe(100 * 100);
        Signals.Measure(new() { Depth = 8, Normalization = "after" }).Layers[7].Deviation.ShouldBe(1, 0.05);
        Should.Throw<ThalwegException>(() => Signals.Measure(new() { Normalization = "sideways" })).Message.ShouldContain("sideways");
    }

    [Fact]
    public void Slices_show_networks_that_were_trained()
    {
        foreach (Slice slice in Slice.All)
        {
            double[] unused = new double[2];
            double home = slice.Value(0, 0, unused);
            home.ShouldBeLessThan(0.1 * slice.Grid(9, 9).Average(), slice.Name);
        }
    }

    [Fact]
    public void The_catalogue_of_the_page_is_that_of_the_command()
    {
        using JsonDocument answer = JsonDocument.Parse(PlaygroundApi.Call("catalogue", "{}"));
        JsonElement[] optimizers = [.. answer.RootElement.GetProperty("optimizers").EnumerateArray()];
        optimizers.Select(entry => entry.GetProperty("formula").GetString()).ShouldBe(Catalogue.Optimizers.Select(entry => entry.Formula));
        optimizers.Where(entry => entry.GetProperty("needsLayers").GetBoolean()).Select(entry => entry.GetProperty("name").GetString())
            .ShouldBe(["kfac"]);
        PlaygroundApi.Call("schedule", """{"text":"linear(1, 4)","steps":5}""").ShouldBe("""{"values":[1,0.75,0.5,0.25,0]}""");
    }

    [Fact]
    public void Points_are_joined_by_straight_lines_into_a_schedule_that_can_be_typed()
    {
        const string Points = """[{"step":0,"value":0.1},{"step":4,"value":0.5},{"step":6,"value":0.1}]""";
        using JsonDocument answer = JsonDocument.Parse(PlaygroundApi.Call("points", $$"""{"points":{{Points}},"steps":9}"""));
        double[] values = [.. answer.RootElement.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
        double[] expected = [0.1, 0.2, 0.3, 0.4, 0.5, 0.3, 0.1, 0.1, 0.1];
        for (int step = 0; step < expected.Length; step++)
            values[step].ShouldBe(expected[step], 1e-12);
        Schedule typed = Settings.Parse<Schedule>(answer.RootElement.GetProperty("text").GetString()!);
        Enumerable.Range(0, 9).Select(step => typed.At(step)).ShouldBe(values);
        PointSchedule.Of([new(0, 0.3)]).At(7).ShouldBe(0.3);
        Should.Throw<ThalwegException>(() => PointSchedule.Of([new(0, 1), new(5, 1), new(5, 2)])).Message.ShouldContain("0, 5, 5");
        Should.Throw<ThalwegException>(() => PointSchedule.Of([]));
        PlaygroundApi.Call("points", """{"points":[{"step":1,"value":1}],"steps":9}""").ShouldContain("\"error\"");
    }
}
