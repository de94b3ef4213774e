using System.Text.Json;

namespace Thalweg.Cli.Tests;

/// <summary>Lists of what has a name, what they say of each, and the pages made of them.</summary>
public sealed class CatalogueTests
{
    [Theory]
    [InlineData("optimizers")]
    [InlineData("initializers")]
    [InlineData("schedules")]
    [InlineData("regularizers")]
    [InlineData("minimizers")]
    public void Every_entry_says_what_it_computes_where_that_is_from_and_when_to_use_it(string family)
    {
        using Shell shell = new();
        JsonElement[] entries = [.. shell.Run(family, "--json").Succeeded().Result.GetProperty(family).EnumerateArray()];
        entries.Length.ShouldBeGreaterThan(8);
        foreach (JsonElement entry in entries)
        {
            string name = entry.GetProperty("name").GetString()!;
            foreach (string member in (string[])["formula", "source", "use"])
                entry.GetProperty(member).GetString().ShouldNotBeNullOrWhiteSpace($"{name}: {member}");
            if (family != "initializers")
            {
                entry.GetProperty("summary").GetString().ShouldNotBeNullOrWhiteSpace(name);
                entry.GetProperty("parameters").EnumerateArray()
                    .ShouldAllBe(parameter => parameter.GetProperty("meaning").GetString() != "", name);
            }
        }
    }

    [Theory]
    [InlineData("optimizers", "adam", "m/(1-b1^t)/(sqrt(v/(1-b2^t)) + e)", "adam(form=folded)", "algorithm 1", "8 bytes", "1 pass ",
        "0.999")]
    [InlineData("optimizers", "adam(ams_grad=raw_maximum)", "max(v_max, v)", "Reddi", "12 bytes")]
    [InlineData("optimizers", "momentum", "momentum(form=averaged)", "v = mu v + (1-mu) g", "rate_inside=true")]
    [InlineData("optimizers", "clip_by_global_norm", "clip_by_global_norm(maximum)", "u = g c/max(|g|, c)", "to be given")]
    [InlineData("schedules", "cosine", "cosine(start, steps)", "eq. 5", "periodic=true", "robbins-monro  fails: the sum of the rates is " +
        "finite")]
    [InlineData("schedules", "inverse_time(0.1, decay=0.01)", "0.05 at step 100,", "robbins-monro  holds: the rate falls as 1/t^1")]
    [InlineData("schedules", "inverse_time(0.1, 0.01, power=0.5)", "robbins-monro  fails: the sum of the squares is infinite")]
    [InlineData("schedules", "step(0.1, 30)", "robbins-monro  fails: the sum of the rates is finite")]
    [InlineData("optimizers", "amsgrad", "max(v_max, v)", "Reddi", "amsgrad(ams_grad=uncorrected)")]
    [InlineData("optimizers", "sam", "w + rho g_0/|g_0|", "Foret", "2 gradients", "0.05")]
    [InlineData("optimizers", "adamw", "u = u + lambda w; u = -lr u; w = w + u")]
    [InlineData("optimizers", "chain(clip_by_global_norm(1), adam(b1=.9), scale(-1e-3))", "u = g c/max(|g|, c); m = b1 m + (1-b1) u, ",
        "; u = factor u; w = w + u", "Pascanu", "Kingma", "8 bytes", "2 passes")]
    [InlineData("optimizers", "lbfgs", "d = -H g")]
    [InlineData("schedules", "reduce_on_plateau(factor=0.5)", "c = max(c factor, minimum)", "reduce_on_plateau(factor=0.5")]
    [InlineData("regularizers", "dropout", "y = x m/(1-p)", "Srivastava", "--dropout")]
    [InlineData("regularizers", "stochastic_depth", "Huang", "one m for each sample")]
    [InlineData("regularizers", "early_stopping", "Prechelt", "--patience")]
    [InlineData("initializers", "lsuv", "W/sqrt(Var(x W + b))", "Mishkin", "--lsuv")]
    [InlineData("initializers", "forget_gate", "b = 1 for the forget gates", "Jozefowicz")]
    [InlineData("minimizers", "lbfgs", "d = -H g", "an iteration: a search", "algorithms 7.4 and 7.5", "35 n doubles", "more_thuente",
        "memory", "maximum_iterations", "1000")]
    [InlineData("minimizers", "lbfgs(memory=20)", "over the last 20 steps", "55 n doubles")]
    [InlineData("minimizers", "newton", "newton(form=saddle_free)", "4 n^2 + 15 n doubles", "Dauphin")]
    [InlineData("regularizers", "mixup", "mixup(alpha)", "Zhang", "to be given")]
    [InlineData("regularizers", "l2", "loss + (lambda/2) |w|^2", "l2(factor=whole)", "Keras")]
    [InlineData("regularizers", "l2(1e-4, factor=whole)", "text     l2(0.0001, factor=whole", "loss + lambda |w|^2")]
    [InlineData("initializers", "he", "he_normal", "eq. (10)", "2 / ((1 + slope^2) fan)")]
    public void Show_tells_formula_variants_source_and_cost(string family, string name, params string[] parts)
    {
        using Shell shell = new();
        string output = shell.Run(family, "show", name).Succeeded().Output;
        foreach (string part in parts)
            output.ShouldContain(part);
    }

    [Fact]
    public void The_list_of_optimizers_ends_with_the_names_of_the_minimizers_that_train_too()
    {
        using Shell shell = new();
        string last = shell.Run("optimizers").Succeeded().Output.TrimEnd().Split('\n')[^1];
        string[] names = [.. shell.Run("minimizers", "--json").Succeeded().Result.GetProperty("minimizers").EnumerateArray()
            .Select(entry => entry.GetProperty("name").GetString()!)];
        names.ShouldContain("lbfgs");
        last.ShouldContain("--optimizer");
        last.ShouldContain(string.Join(", ", names));
    }

    [Fact]
    public void A_name_that_is_not_known_is_refused_with_the_nearest()
    {
        using Shell shell = new();
        shell.Refuses(["optimizers", "show", "adma"], "adam");
        shell.Refuses(["schedules", "show", "cosin"], "cosine");
        shell.Refuses(["initializers", "show", "hee"], "he_normal");
        shell.Refuses(["optimizers", "show", "adam(b3=1)"], "b3");
        shell.Refuses(["minimizers", "show", "lbgfs"], "lbfgs");
        shell.Refuses(["minimizers", "show", "lbfgs(memry=3)"], "memory");
        shell.Refuses(["regularizers", "show", "mixupp"], "mixup");
        shell.Refuses(["optimizers", "show", "nag"], "did you mean nesterov?");
        shell.Refuses(["optimizers", "show", "Adam(lr=1)"], "did you mean adam?");
        shell.Refuses(["optimizers", "show", "adam(lr=1)"], "did you mean learning_rate?");
        shell.Refuses(["initializers", "show", "kaiming_normal"], "did you mean he_normal?");
        shell.Refuses(["train", "--data", "xor", "--optimizer", "chain(scale_by_adam)"], "expected a learning rate", "would climb");
        shell.Refuses(["train", "--data", "xor", "--optimizer", "nag"], "(did you mean nesterov?)");
    }

    [Fact]
    public void A_schedule_may_be_written_out()
    {
        using Shell shell = new();
        string[] train = ["train", "--data", "blobs", "--samples", "200", "--epochs", "2", "--model", "linear", "--json"];
        shell.Run([.. train, "--schedule", "step(0.1, every=5)", "--out", "a"]).Succeeded();
        shell.Refuses([.. train, "--schedule", "stepp(0.1, every=5)"], "step");
        shell.Refuses([.. train, "--schedule", "step(0.1, every=5)", "--lr", "1"], "--lr", "step(0.1");
    }

    [Fact]
    public void The_pages_are_those_that_the_source_gives()
    {
        using Shell shell = new();
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Thalweg.slnx")))
            root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException("there is no Thalweg.slnx above the tests");
        shell.Run("docs", "--out", shell.Folder).Succeeded();
        foreach (string page in (string[])["optimizers.md", "initializers.md", "schedules.md", "minimizer-catalogue.md", "regularizers.md"])
        {
            File.ReadAllText(Path.Combine(root, "docs", page)).ShouldBe(
                File.ReadAllText(shell.At(page)),
                $"docs/{page} is out of date: run dotnet run -c Release --project src/Thalweg.Cli -- docs --out docs");
        }
    }
}
