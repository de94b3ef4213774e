namespace Thalweg.Cli.Options;

/// <summary>Options that prepare the starting weights.</summary>
internal static class StartOptions
{
    /// <summary>Makes them in the order in which they are done.</summary>
    public static IEnumerable<Setting> Make() =>
    [
        OptionFactory.Field(
            "--from", "FILE|DIR", "start.from", "Start from the weights of a model, or of the model of a run, where name and shape agree"),
        OptionFactory.Field(
            "--from-layout", "", "start.from_layout",
            "Axes of the dense and recurrent weights of --from: in-out, as here and in Keras, or out-in, as in PyTorch [default: as the " +
            "file says]"),
        new SwitchSetting(
            OptionFactory.Switch("--lsuv", "Orthonormal weights, scaled until each layer's output on a batch has variance 1"),
            "start.lsuv"),
        OptionFactory.Field(
            "--pretrain", "EPOCHS", "start.pretraining_epochs",
            "Let each hidden layer first learn to reconstruct its input for so many epochs"),
        new SwitchSetting(
            OptionFactory.Switch("--output-bias", "Start the output's bias from the class frequencies, or the mean of the target"),
            "start.output_bias"),
        OptionFactory.Field(
            "--freeze", "NAME,NAME,...", "start.frozen",
            "Parameters that stay as they start: names, or patterns such as '0.*' or '*.bias'"),
    ];
}
