using System.Text.Json;
using Thalweg.Layers;
using Thalweg.Models;

namespace Thalweg.Cli.Tests;

/// <content>Options of the network and its start.</content>
public sealed partial class TrainOptionTests
{
    [Fact]
    public void Published_forms_of_batch_normalization_are_settings_of_its_name()
    {
        using Shell shell = new();
        string kept = Test(Train(shell, "a", "--norm", "batch(momentum=0.5)"));
        Test(Train(shell, "b", "--norm", "batch(momentum=0.5, momentum_form=retained)")).ShouldBe(kept);
        Test(Train(shell, "c", "--norm", "batch(momentum=0.25, momentum_form=retained)")).ShouldNotBe(kept);
        string[] others = [.. ((string[])["variance=biased", "population=exact", "epsilon=1e-3", "momentum=none"])
            .Select(setting => Test(Train(shell, setting, "--norm", $"batch({setting})"))), Test(Train(shell, "plain", "--norm", "batch"))];
        others.ShouldBeUnique();
        shell.Refuses(["train", "--norm", "batch(variance=bised)"], "variance", "unbiased, biased", "'bised'");
        shell.Refuses(["train", "--norm", "batch(epsilon=-1)"], "expected epsilon to be a finite number above 0, got -1");
        shell.Refuses(["train", "--norm", "batch(moment=0.1)"], "'moment'", "momentum");
        shell.Refuses(["train", "--norm", "layer(epsilon=1)"], "none, batch, batch-after");
        static string Test(Answer answer) => answer.Result.GetProperty("best").GetProperty("validation").ToString();
    }

    [Fact]
    public void Dropout_may_scale_at_evaluation()
    {
        using Shell shell = new();
        Train(shell, "a", "--dropout", "0.5", "--dropout-scaling", "evaluation");
        Sequential network = (Sequential)Network(shell, "a");
        Dropout layer = network.Modules.Select(child => child.Module).OfType<Dropout>().Single();
        layer.Scaling.ShouldBe(DropoutScaling.AtEvaluation);
        Train(shell, "b", "--dropout", "0.5");
        Distance(shell, "a", "b").ShouldBeGreaterThan(1e-3);
    }

    [Fact]
    public void Layers_of_the_network_are_chosen_by_name()
    {
        using Shell shell = new();
        Types("a", "--norm", "layer-after").ShouldBe("Flatten Dense LayerNorm Dense");
        Types("b", "--activation", "maxout(3)", "--dropout", "0.1", "--dropout-kind", "gaussian")
            .ShouldBe("Flatten Maxout GaussianDropout Dense");
        Types("c", "--activation", "prelu", "--norm", "weight").ShouldBe("Flatten WeightNorm PRelu Dense");
        Types("d", "--model", "resnet:4x1", "--drop-path", "0.2", "--norm", "group(2)")
            .ShouldBe("Conv2d GroupNorm ActivationLayer Residual AdaptiveAvgPool2d Flatten Dense");
        shell.Refuses(["train", "--drop-path", "0.2"], "--drop-path", "resnet:16,32", "mlp:256,128");
        shell.Refuses(["train", "--norm", "group(0)"], "[normalization]", "group(8)");
        shell.Refuses(["train", "--dropout-kind", "gausian"], "--dropout-kind", "did you mean gaussian");
        shell.Refuses(["train", "--activation", "maxout(1)"], "maxout(3)", "maxout(1)");

        string Types(string run, params string[] options)
        {
            Train(shell, run, options);
            return string.Join(' ', ((Sequential)Network(shell, run)).Modules.Select(child => child.Module.GetType().Name));
        }
    }

    [Fact]
    public void Biases_start_as_asked()
    {
        using Shell shell = new();
        Train(shell, "a", "--bias-init", "constant(0.1)", "--lr", "1e-12");
        Network(shell, "a").NamedParameters().Where(p => p.Name.EndsWith("bias", StringComparison.Ordinal))
            .SelectMany(p => p.Parameter.Value.ToArray<float>())
            .ShouldAllBe(value => Math.Abs(value - 0.1f) < 1e-6f);
        shell.Refuses(["train", "--bias-init", "constnat(0.1)"], "--bias-init", "constant");
    }
}
