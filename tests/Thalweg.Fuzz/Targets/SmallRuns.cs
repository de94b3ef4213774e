using System.Globalization;
using System.Text;
using Thalweg.Runs;

namespace Thalweg.Fuzz.Targets;

/// <summary>Recipes of small networks that together have most kinds of layers.</summary>
internal static class SmallRuns
{
    private static readonly string[] s_ofRows =
    [
        "mlp:4,3", "linear", "[dense(4, activation=gelu), batch_norm, dropout(0.2), residual([dense(4)]), layer_norm, prelu, output]",
    ];

    private static readonly string[] s_ofImages =
        ["cnn:2+4", "resnet:2", "[conv(2), group_norm(2), max_pool, flatten, output]"];

    /// <summary>The recipes; those of rows read a file in the folder.</summary>
    public static IEnumerable<Recipe> Recipes(string folder)
    {
        string path = Path.Combine(folder, "rows.csv");
        StringBuilder text = new("a,b,color,kind\n");
        for (int i = 0; i < 60; i++)
            text.Append(CultureInfo.InvariantCulture, $"{i % 7}.5,{i * i % 11},{(i % 3 == 0 ? "red" : "blue")},{(i % 5 < 2 ? "yes" : "no")}\n");
        File.WriteAllText(path, text.ToString());
        foreach (string network in s_ofRows)
            yield return Recipe(path, network);
        foreach (string network in s_ofImages)
            yield return Recipe("glyphs", network);
    }

    private static Recipe Recipe(string source, string network) => new()
    {
        Data = new DataRecipe { Source = source, Samples = source == "glyphs" ? 60 : null },
        Network = new NetworkRecipe { Layers = network },
        Training = new TrainingRecipe { Epochs = 2 },
    };
}
