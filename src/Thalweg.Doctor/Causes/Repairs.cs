using System.Globalization;
using System.Text.RegularExpressions;
using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>Fixes that several causes share, as exact changes of the recipe; none where a recipe cannot say them.</summary>
internal static partial class Repairs
{
    private const string Layers = "network.layers", Rate = "training.optimizer.learning_rate";

    private static readonly string[] s_shortFields =
    [
        "network.activation", "network.output_activation", "network.initializer", "network.bias_initializer", "network.normalization",
        "network.dropout", "network.dropout_kind", "network.dropout_scaling", "network.drop_path",
    ];

    /// <summary>Weights and biases that start as the activation asks for.</summary>
    public static IEnumerable<Fix> Initializer(RunSigns signs) => Network(
        signs, "initializer",
        recipe => [("network.initializer", NetworkRecipe.ByActivation), ("network.bias_initializer", null)],
        layers => InitializerSetting().Replace(layers, ""));

    /// <summary>Another function of the hidden layers.</summary>
    public static IEnumerable<Fix> Activation(RunSigns signs, string key, string name) => Network(
        signs, key,
        recipe => [("network.activation", name), ("network.initializer", NetworkRecipe.ByActivation), ("network.bias_initializer", null)],
        layers => WithActivation(layers, name));

    /// <summary>Another function, and batch normalization of the hidden layers.</summary>
    public static IEnumerable<Fix> Normalized(RunSigns signs, string key, string? activation = null)
    {
        if (signs.Trainer.BatchSize < 4)
            return [];
        return Network(
            signs, key,
            recipe => activation is null ? [("network.normalization", "batch")]
                : [("network.normalization", "batch"), ("network.activation", activation), ("network.initializer", NetworkRecipe.ByActivation)],
            layers => DenseLayer().Replace(activation is null ? layers : WithActivation(layers, activation), "$0, batch_norm"));
    }

    /// <summary>Inputs standardized by a batch normalization before the first layer.</summary>
    public static IEnumerable<Fix> ScaledInputs(RunSigns signs)
    {
        if (signs.Recipe is not { } recipe || !signs.IsNetworkOfRecipe || signs.Trainer.BatchSize < 4)
            return [Fix.Advice("scale_inputs")];
        string layers = recipe.Expand(signs.Trainer.TrainingData).Network.Layers;
        (string, string?)[] others = [.. s_shortFields.Select(path => (path, (string?)null))];
        return [Fix.Of("scale_inputs", recipe, [(Layers, First().Replace(layers, "$0batch_norm, ", 1)), .. others])];
    }

    /// <summary>Hidden layers with more units.</summary>
    public static IEnumerable<Fix> Units(RunSigns signs, string key, int factor) => Network(
        signs, key, recipe => [(Layers, ShortNumber().Replace(recipe.Network.Layers, match => Times(match, factor)))],
        layers => DenseUnits().Replace(layers, match => "dense(" + Times(match.Groups[1].Value, factor)));

    /// <summary>One hidden layer more, or two where there is none.</summary>
    public static IEnumerable<Fix> MoreLayers(RunSigns signs, string key)
    {
        string text = signs.Recipe?.Network.Layers ?? "";
        if (text.Contains(':', StringComparison.Ordinal) && !text.StartsWith("mlp:", StringComparison.Ordinal))
        {
            string plus = text.Contains('+', StringComparison.Ordinal) ? ",32" : "+32";
            return Network(signs, key, recipe => [(Layers, text + plus)], layers => layers);
        }

        return Network(
            signs, key,
            recipe => text == "linear" ? [(Layers, "mlp:32,32"), ("network.activation", "relu")]
                : [(Layers, text + "," + text[(text.LastIndexOfAny([':', ',']) + 1)..])],
            layers => Output().Replace(layers, "dense(32, activation=relu), dense(32, activation=relu), output", 1));
    }

    /// <summary>Another probability of dropout.</summary>
    public static IEnumerable<Fix> Dropout(RunSigns signs, string key, double probability) => Network(
        signs, key, recipe => [("network.dropout", Text(probability)), .. probability > 0 ? (IEnumerable<(string, string?)>)[]
            : [("network.dropout_kind", null), ("network.dropout_scaling", null)]],
        layers => DropoutLayer().Replace(layers, $"dropout({Text(probability)})"));

    /// <summary>Another function of the outputs.</summary>
    public static IEnumerable<Fix> Outputs(RunSigns signs, string key, string? function) => Network(
        signs, key, recipe => [("network.output_activation", function ?? "none")],
        layers => function is null ? FinalFunction().Replace(layers, "output") : Output().Replace(layers, $"output, {function}", 1));

    /// <summary>Other values of fields.</summary>
    public static IEnumerable<Fix> Fields(RunSigns signs, string key, params (string Path, string? New)[] changes) =>
        signs.Recipe is { } recipe ? [Fix.Of(key, recipe, changes)] : [Fix.Advice(key)];

    /// <summary>The learning rate multiplied.</summary>
    public static IEnumerable<Fix> RateTimes(RunSigns signs, string key, params double[] factors)
    {
        if (signs.Recipe?.Training.Optimizer is not { LearningRate: { } rate } fields)
            return [Fix.Advice(key)];
        return factors.Select(factor => Fix.Of(key, signs.Recipe, (Rate, Text(rate * factor))) with { IsFromStart = factor > 1 });
    }

    /// <summary>Another optimizer with its own rate.</summary>
    public static IEnumerable<Fix> Optimizer(RunSigns signs, string key, string name, double rate)
    {
        if (signs.Recipe is not { } recipe)
            return [Fix.Advice(key)];
        bool hasFields = recipe.Training.Optimizer.LearningRate is not null;
        return [Fix.Of(
            key, recipe, [("training.optimizer.name", name), (Rate, Text(rate)), .. hasFields ? (IEnumerable<(string, string?)>)[]
                : [("training.optimizer.schedule", "constant"), ("training.optimizer.warmup", "0")]])];
    }

    /// <summary>The optimizer with another value of one of its settings.</summary>
    public static IEnumerable<Fix> OptimizerSetting(RunSigns signs, string key, string setting, string? value)
    {
        if (signs.Recipe?.Training.Optimizer.Name is not { } text)
            return [Fix.Advice(key)];
        return [Fix.Of(key, signs.Recipe, ("training.optimizer.name", WithSetting(text, setting, value)))];
    }

    /// <summary>Another batch size, at most all training samples.</summary>
    public static IEnumerable<Fix> Batch(RunSigns signs, string key, int size) =>
        Fields(signs, key, ("training.batch_size", Math.Clamp(size, 1, Math.Max(1, signs.Data.Count)).ToString(CultureInfo.InvariantCulture)));

    /// <summary>A text such as <c>adam(b2=0.9, epsilon=0.1)</c> with another value of a setting; null leaves it to its default.</summary>
    internal static string WithSetting(string text, string setting, string? value)
    {
        int open = text.IndexOf('(', StringComparison.Ordinal);
        string name = open < 0 ? text.Trim() : text[..open].Trim();
        string[] others = open < 0 ? [] : [.. text[(open + 1)..text.LastIndexOf(')')].Split(',', StringSplitOptions.TrimEntries)
            .Where(part => part.Length > 0 && part.Split('=')[0].Trim() != setting)];
        string[] all = value is null ? others : [.. others, $"{setting}={value}"];
        return all.Length == 0 ? name : $"{name}({string.Join(", ", all)})";
    }

    private static IEnumerable<Fix> Network(
        RunSigns signs, string key, Func<Recipe, (string, string?)[]> fields, Func<string, string> layers)
    {
        if (signs.Recipe is not { } recipe || !signs.IsNetworkOfRecipe)
            return [Fix.Advice(key)];
        string text = recipe.Network.Layers;
        Fix fix = NetworkRecipe.IsListOfLayers(text) ? Fix.Of(key, recipe, (Layers, layers(text))) : Fix.Of(key, recipe, fields(recipe));
        return fix.IsReplayable ? [fix] : [];
    }

    private static string WithActivation(string layers, string name) => ActivationSetting().IsMatch(layers)
        ? ActivationLayer().Replace(ActivationSetting().Replace(InitializerSetting().Replace(layers, ""), $"activation={name}"), $"activation({name})")
        : DenseLayer().Replace(layers, match => match.Value[..^1] + $", activation={name})");

    private static string Times(Match match, int factor) => Times(match.Value, factor);

    private static string Times(string number, int factor) =>
        (int.Parse(number, CultureInfo.InvariantCulture) * factor).ToString(CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("g6", CultureInfo.InvariantCulture);

    [GeneratedRegex(@",\s*(bias_)?initializer=[^,()\[\]]*(\([^()]*\))?")]
    private static partial Regex InitializerSetting();

    [GeneratedRegex(@"\bactivation=\w+")]
    private static partial Regex ActivationSetting();

    [GeneratedRegex(@"\bactivation\(\w+\)")]
    private static partial Regex ActivationLayer();

    [GeneratedRegex(@"\bdense\([^()]*(\([^()]*\))?[^()]*\)")]
    private static partial Regex DenseLayer();

    [GeneratedRegex(@"\bdense\((?:units=)?(\d+)")]
    private static partial Regex DenseUnits();

    [GeneratedRegex(@"\bdropout\([^()]*\)")]
    private static partial Regex DropoutLayer();

    [GeneratedRegex(@"\boutput\b(\([^()]*(\([^()]*\))?[^()]*\))?")]
    private static partial Regex Output();

    [GeneratedRegex(@"\boutput\b(\([^()]*\))?(,\s*(softmax|log_softmax|activation\(\w+\)))*")]
    private static partial Regex FinalFunction();

    [GeneratedRegex(@"(?<=[:,+])\d+")]
    private static partial Regex ShortNumber();

    [GeneratedRegex(@"^\s*(sequential\()?\[")]
    private static partial Regex First();
}
