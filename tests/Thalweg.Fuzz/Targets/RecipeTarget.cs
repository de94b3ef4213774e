using System.Text;
using Thalweg.Fuzz.Mutation;
using Thalweg.Runs;

namespace Thalweg.Fuzz.Targets;

/// <summary>Recipes in YAML.</summary>
internal sealed class RecipeTarget() : FuzzTarget("recipe")
{
    private const string FileName = "run.yaml";

    private static readonly byte[][] s_words = Words(
        "&a ", "*a", "<<: *a\n", "- ", ": ", "? ", "| ", "> ", "---\n", "...\n", "!!str ", "!!binary ", "%YAML 1.2\n", "{", "}", "[", "]", "{a: ", "  ", "\t", "'", "\"",
        "null", "~", "data: &a [*a]\n", "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\n", "network:\n", "training:\n",
        "recipe_version: 1\n", "layers: ", "- dense: {units: 4}\n", "seed: ", "1e99", "# ");

    private readonly List<byte[]> _recipes = [];

    /// <inheritdoc/>
    public override void Prepare(string folder)
    {
        Recipe[] recipes = [.. SmallRuns.Recipes(folder)];
        foreach (Recipe recipe in recipes)
            _recipes.Add(Encoding.UTF8.GetBytes(recipe.ToYaml()));
        _recipes.Add(Encoding.UTF8.GetBytes(recipes[0].Prepare().Recipe.ToYaml()));
        _recipes.Add(Encoding.UTF8.GetBytes("""
            data: { source: x.csv, split: { test: 0.2 } }
            network:
              - dense: { units: 64, activation: gelu }
              - dropout: 0.2
              - output
            training: { epochs: 3, optimizer: { name: adam, learning_rate: 1e-3 } }
            """));
    }

    /// <inheritdoc/>
    public override FuzzInput Make(Draws draws)
    {
        byte[] text = ByteMutator.Mutate(draws, draws.Of(_recipes), draws.Of(_recipes), s_words);
        byte[] whole = draws.Below(48) switch
        {
            0 => Deep(draws, draws.Of(new[] { "[", "{a: ", "- ", "? ", "{", "[a, " })),
            1 => Doubling(draws),
            2 => Merging(draws),
            _ => text,
        };
        return new([(FileName, whole)], draws.Bits());
    }

    /// <inheritdoc/>
    public override void Read(string folder, FuzzInput input)
    {
        Recipe recipe = Recipe.Load(input.PathIn(folder));
        string yaml = recipe.ToYaml();
        if (!Recipe.Parse(yaml).Equals(recipe))
            throw new InvalidOperationException($"the recipe does not read back equal: {yaml}");
    }

    private static byte[] Deep(Draws draws, string open) =>
        Encoding.UTF8.GetBytes("network: " + string.Concat(Enumerable.Repeat(open, 1 << draws.Below(16))));

    /// <summary>Each alias stands for several of the one before.</summary>
    private static byte[] Doubling(Draws draws)
    {
        StringBuilder text = new("network:\n  - &a0 [x, x]\n");
        int width = 2 + draws.Below(9);
        for (int i = 1; i < 2 + draws.Below(40); i++)
            text.Append("  - &a").Append(i).Append(" [").AppendJoin(", ", Enumerable.Repeat($"*a{i - 1}", width)).Append("]\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static byte[] Merging(Draws draws)
    {
        StringBuilder text = new("a0: &a0 {x: 1, y: 2}\n");
        for (int i = 1; i < 2 + draws.Below(60); i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} {{p: *a{i - 1}, q: *a{i - 1}, ? *a{i - 1} : *a{i - 1}}}\n");
        return Encoding.UTF8.GetBytes(text.ToString() + "network: *a1\n");
    }
}
