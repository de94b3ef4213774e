using System.Globalization;

namespace Thalweg.Losses;

/// <summary>How one kind of loss is written as text: its name, and its settings by name.</summary>
/// <param name="Default">The loss with all defaults.</param>
/// <param name="Settings">Its settings, in order.</param>
internal sealed record LossForm(Loss Default, params IReadOnlyList<LossSetting> Settings);

/// <summary>One setting of a loss.</summary>
/// <param name="Name">Name in texts.</param>
/// <param name="Print">Its value in a loss as text.</param>
/// <param name="Read">The loss with a value that was read.</param>
internal sealed record LossSetting(string Name, Func<Loss, string> Print, Func<Loss, SettingsNode, Loss> Read)
{
    private const string ListName = "list", Nothing = "none";

    /// <summary>A setting that is a number.</summary>
    public static LossSetting Number<T>(string name, Func<T, double> get, Func<T, double, T> set)
        where T : Loss =>
        new(name, loss => SettingsText.Number(get((T)loss)), (loss, node) => set((T)loss, NumberOf(name, node)));

    /// <summary>A setting that is a whole number.</summary>
    public static LossSetting Whole<T>(string name, Func<T, int> get, Func<T, int, T> set)
        where T : Loss => new(
            name,
            loss => get((T)loss).ToString(CultureInfo.InvariantCulture),
            (loss, node) => set((T)loss, int.TryParse(node.Name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
                ? value
                : throw Wrong(name, "a whole number", node)));

    /// <summary>A setting that holds or not.</summary>
    public static LossSetting Flag<T>(string name, Func<T, bool> get, Func<T, bool, T> set)
        where T : Loss => new(
            name,
            loss => get((T)loss) ? "true" : "false",
            (loss, node) => set((T)loss, node.Name is "true" or "false" ? node.Name == "true" : throw Wrong(name, "true or false", node)));

    /// <summary>A setting that is a row of numbers, or none.</summary>
    public static LossSetting Numbers<T>(string name, Func<T, IReadOnlyList<double>?> get, Func<T, IReadOnlyList<double>?, T> set)
        where T : Loss =>
        new(name, loss => Text(get((T)loss)), (loss, node) => set((T)loss, NumbersOf(name, node)));

    /// <summary>A setting that is a tensor of at most one axis, or none; one of more axes has no text.</summary>
    public static LossSetting Weights<T>(string name, Func<T, Tensor?> get, Func<T, Tensor?, T> set)
        where T : Loss => new(
            name,
            loss => get((T)loss) is not { } tensor ? Nothing
                : tensor.Rank <= 1 ? Text([.. Enumerable.Range(0, (int)tensor.Length).Select(i => tensor.Read(i))])
                : LossText.Unwritten,
            (loss, node) => set((T)loss, NumbersOf(name, node) is { } numbers ? Tensor.Vector<double>([.. numbers]) : null));

    private static string Text(IReadOnlyList<double>? numbers) =>
        numbers is null ? Nothing : $"{ListName}({string.Join(", ", numbers.Select(SettingsText.Number))})";

    private static double[]? NumbersOf(string name, SettingsNode node) => node.Name switch
    {
        Nothing => null,
        ListName => [.. node.Arguments.Select(argument => NumberOf(name, argument.Value))],
        _ => throw Wrong(name, "numbers as in list(1, 5)", node),
    };

    private static double NumberOf(string name, SettingsNode node) =>
        node.Arguments.Count == 0 && double.TryParse(node.Name, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw Wrong(name, "a number", node);

    private static ThalwegException Wrong(string name, string expected, SettingsNode node) =>
        new($"[loss] expected {name} to be {expected}, got '{node.Name}'; choose such a value");
}
