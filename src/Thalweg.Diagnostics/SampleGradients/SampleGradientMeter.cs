using Thalweg.Layers;
using Thalweg.Losses;

namespace Thalweg.Diagnostics;

/// <summary>Norms, second moments and products of the gradients of single samples, from one forward and one backward pass
/// over the batch.</summary>
/// <remarks>
/// Each sample's gradient follows from what a layer received and the cotangent of what it gave, so there is no pass for each sample.
/// Served: dense, convolution, transposed convolution, recurrent and embedding layers, weights that several layers share, and whatever
/// layers without parameters stand between them. Samples must not act on each other: batch normalization in training is refused.
/// Source: Goodfellow, "Efficient per-example gradient computations", arXiv:1510.01799, 2015; Dangel, Kunstner, Hennig, "BackPACK: packing
/// more into backprop", ICLR 2020, section 2.2 and appendix A.1 (its batch_l2, sum_grad_squared, variance and batch_dot).
/// Within a step scope the report belongs to it; else it is ordinary memory, and what the network computed on the way ends with the call.
/// </remarks>
public static class SampleGradientMeter
{
    /// <summary>Measures a module on a batch with a loss.</summary>
    /// <param name="module">The network, initialized; it runs once as it is, in training or in evaluation.</param>
    /// <param name="x">Inputs, <c>[batch, ...]</c>.</param>
    /// <param name="targets">What the loss takes beside the outputs.</param>
    /// <param name="loss">The loss; of a sample with several outputs or places the mean over them counts. Where classes have weights
    /// or labels are ignored, a sample's loss is weighted and divided by the mean weight, so that the mean over the samples is the
    /// loss of the batch.</param>
    /// <param name="options">What to measure; default norms alone.</param>
    /// <exception cref="ThalwegException">The module has batch normalization in training or gives time first, or a parameter acts in a way
    /// that is not served.</exception>
    public static SampleGradientReport Measure(Module module, Tensor x, Tensor targets, Loss loss, SampleGradientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(targets);

        // Weights of classes and ignored labels: the losses of the samples are scaled so that their mean is that of the loss.
        bool areLabels = loss is ClassLoss && targets.DType == DType.Int32;
        double count = areLabels ? targets.Length : targets.Rank == 0 ? 1 : targets.Shape[0], weight = loss.TotalWeight(targets);
        double scale = weight > 0 ? count / weight : 1;
        return Measure(
            module, x,
            outputs => loss.Compute(outputs, targets, Reduction.None) is var losses && scale == 1 ? losses : losses.Multiply(scale),
            options);
    }

    /// <summary>Measures a module on a batch with custom losses.</summary>
    /// <param name="module">The network, initialized; it runs once as it is, in training or in evaluation.</param>
    /// <param name="x">Inputs.</param>
    /// <param name="losses">From the outputs the losses <c>[batch, ...]</c>; the mean over all but the first axis is the loss
    /// of a sample.</param>
    /// <param name="options">What to measure; default norms alone.</param>
    /// <exception cref="ThalwegException">The module has batch normalization in training or gives time first, or a parameter acts in a way
    /// that is not served.</exception>
    public static SampleGradientReport Measure(Module module, Tensor x, Func<Tensor, Tensor> losses, SampleGradientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(losses);
        options ??= new SampleGradientOptions();
        RefuseModules(module);
        (string Name, Parameter Parameter)[] measured = [.. module.NamedParameters()
            .DistinctBy(p => p.Parameter)
            .Where(p => p.Parameter.IsTrainable && (options.Where?.Invoke(p.Name) ?? true))];
        if (options.WorkingElements < 1 || measured.Length == 0)
        {
            throw new ThalwegException(
                $"[sample gradients] expected parameters to measure and working memory of 1 or more elements, got {measured.Length} and " +
                $"{options.WorkingElements}");
        }

        if (StepScope.IsOpen)
            return Measure(module, x, losses, measured, options);

        // Intermediates outside a scope would be new memory at each call: that alone took as long as the measurement.
        using StepScope scope = StepScope.Begin();
        return Measure(module, x, losses, measured, options).Copy();
    }

    private static SampleGradientReport Measure(
        Module module, Tensor x, Func<Tensor, Tensor> losses, (string Name, Parameter Parameter)[] measured, SampleGradientOptions options)
    {
        using Recording recording = Recording.Start();
        Tensor each = losses(module.Forward(x));
        if (each.Rank == 0 || each.Length == 0)
        {
            throw new ThalwegException("[sample gradients] expected losses [batch, ...], one or more for each of one or more samples, got " +
                $"{each.Shape}");
        }

        Tensor ofSamples = each.Reshape([each.Shape[0], checked((int)(each.Length / each.Shape[0]))]).Mean(1);
        return Measure(recording, ofSamples, measured, options);
    }

    private static SampleGradientReport Measure(
        Recording recording, Tensor losses, (string Name, Parameter Parameter)[] measured, SampleGradientOptions options)
    {
        // Of the mean, so that the gradients are those of the batch as they come; what is squared is put back to the scale of one sample.
        Tensor total = losses.Mean();
        Tensor[] values = [.. measured.Select(p => p.Parameter.Value)];
        ILookup<int, ParameterUse> uses = ParameterUse.Find(recording, total, values).ToLookup(use => use.Parameter);
        foreach (ParameterUse use in uses.SelectMany(group => group).Where(use => !FactorBuilder.IsKnown(use)))
        {
            throw new ThalwegException(
                "[sample gradients] expected parameters of dense, convolution, recurrent or embedding layers, got " +
                $"{measured[use.Parameter].Name} "
                + $"in the operation '{use.Op.Name}'; leave it out with Where");
        }

        Tensor[] results = [.. uses.SelectMany(group => group).SelectMany(CotangentsOf).Distinct()];
        Tensor[] gradients = Gradients.Of(total, [.. results, .. options.Means ? values : []]);
        recording.Stop();
        using (NoGrad.Begin())
        {
            int samples = losses.Shape[0];
            FactorBuilder builder = new(samples, recording, ScanInputs(recording));
            ParameterSampleGradients[] parameters = new ParameterSampleGradients[measured.Length];
            for (int i = 0; i < measured.Length; i++)
            {
                SampleFactor factor = uses[i].Any()
                    ? builder.Build(measured[i].Name, [.. uses[i]])
                    : new DirectFactor(Tensor.Zeros([samples, checked((int)values[i].Length)], values[i].DType));
                parameters[i] = Measure(measured[i], factor, options.Means ? gradients[results.Length + i] : null, options);
            }

            return new SampleGradientReport(losses.Detach(), parameters);
        }
    }

    private static ParameterSampleGradients Measure(
        (string Name, Parameter Parameter) measured, SampleFactor factor, Tensor? mean, SampleGradientOptions options)
    {
        SampleMoments moments = factor.Measure(options);
        double samples = factor.Samples;
        return new(
            measured.Name, mean, moments.SquaredNorms.Multiply(samples * samples),
            moments.SumOfSquares?.Multiply(samples).Reshape(measured.Parameter.Shape), moments.DotProducts?.Multiply(samples * samples));
    }

    /// <summary>The tensors whose cotangents a use needs: its result, or the input part of a scan.</summary>
    private static IEnumerable<Tensor> CotangentsOf(ParameterUse use) =>
        use.Op.Kind == OpKind.Recurrent ? [use.Op.Input(0)] : [use.Op.Output];

    /// <summary>The operations whose result is the input part of a recurrent scan, whose first axis is time.</summary>
    internal static HashSet<RecordedOp> ScanInputs(Recording recording) =>
        [.. recording.Ops.Where(op => op.Kind == OpKind.Recurrent).Select(op => recording.OpOf(op.Input(0))).OfType<RecordedOp>()];

    private static void RefuseModules(Module module)
    {
        if (module is BatchNorm && module.IsTraining)
        {
            throw new ThalwegException(
                "[sample gradients] expected samples that do not act on each other, got batch normalization in training; call " +
                "SetTraining(false) on the network first");
        }

        if (module is RecurrentLayer { Options: { BatchFirst: false, AllSteps: true } })
        {
            throw new ThalwegException(
                "[sample gradients] expected the samples along the first axis, got a recurrent layer that gives all steps with time " +
                "first; set BatchFirst");
        }

        foreach ((_, Module part) in module.Modules)
            RefuseModules(part);
    }
}
