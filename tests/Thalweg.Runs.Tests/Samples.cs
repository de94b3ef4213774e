using System.Globalization;
using System.Text;
using Thalweg.Data;

namespace Thalweg.Runs.Tests;

/// <summary>A folder of its own for one test, with small data.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("thalweg-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public string At(string name) => Path.Combine(Folder, name);

    /// <summary>A recipe of few steps on rows that are written to a file.</summary>
    public Recipe Recipe(int rows = 200, int epochs = 4)
    {
        File.WriteAllText(At("data.csv"), Samples.Classes(rows));
        return new Recipe
        {
            Data = new DataRecipe { Source = At("data.csv") },
            Network = new NetworkRecipe { Layers = "mlp:8", Dropout = 0.2 },
            Training = new TrainingRecipe { Epochs = epochs, EarlyStopping = new EarlyStoppingRecipe { Patience = 0 } },
        };
    }
}

/// <summary>Small data: the same each time.</summary>
internal static class Samples
{
    /// <summary>Rows with two numbers and a color that tell the class.</summary>
    public static string Classes(int rows)
    {
        StringBuilder text = new("x,y,color,kind\n");
        for (int i = 0; i < rows; i++)
        {
            double x = Math.Sin(i * 12.9898) * 2, y = Math.Cos(i * 78.233) * 2;
            string color = (i % 3) switch { 0 => "red", 1 => "green", _ => "blue" };
            text.Append(CultureInfo.InvariantCulture, $"{x:0.######},{y:0.######},{color},{(x + y > 0 ? "yes" : "no")}\n");
        }

        return text.ToString();
    }

    /// <summary>A training set of a shape, without content.</summary>
    public static TrainingSet Set(int count, int[] shape, bool areClasses = true)
    {
        float[] features = new float[count * shape.Aggregate(1, (product, size) => product * size)];
        return new TrainingSet(areClasses
            ? Dataset.ForClassification(features, shape, [.. Enumerable.Range(0, count).Select(i => i % 2)], ["a", "b"])
            : Dataset.ForRegression(features, shape, new float[count]));
    }
}
