namespace Thalweg.Cli.Options;

/// <summary>Options that prepare the starting weights.</summary>
internal static class StartOptions
{
    /// <summary>Makes them in the order in which they are done.</summary>
    public static IEnumerable<Setting> Make() =>
    [
        new ValueSetting<string>(
            OptionFactory.Text(
                "--from", "FILE|DIR", "Start from the weights of a model, or of the model of a run, where name and shape agree"),
            s => s.From, (s, value) => s with { From = value }),
        new ValueSetting<string>(
            OptionFactory.Choice(
                "--from-layout", ["in-out", "out-in"],
                "Axes of the dense and recurrent weights of --from: in-out, as here and in Keras, or out-in, as in PyTorch [default: as " +
                "the file tells]"),
            s => s.FromLayout, (s, value) => s with { FromLayout = value }),
        new SwitchSetting(
            OptionFactory.Switch("--lsuv", "Orthonormal weights, scaled until each layer's output on a batch has variance 1"),
            s => s.Lsuv, s => s with { Lsuv = true }),
        new ValueSetting<int?>(
            OptionFactory.Whole("--pretrain", "EPOCHS", 1, "Let each hidden layer first learn to reconstruct its input for so many epochs"),
            s => s.Pretrain, (s, value) => s with { Pretrain = value }),
        new SwitchSetting(
            OptionFactory.Switch("--output-bias", "Start the output's bias from the class frequencies, or the mean of the target"),
            s => s.OutputBias, s => s with { OutputBias = true }),
        new ValueSetting<string>(
            OptionFactory.Names(
                "--freeze", "Parameters that stay as they start: names, or patterns such as '0.*' or '*.bias'"),
            s => s.Freeze, (s, value) => s with { Freeze = value }),
    ];
}
