using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Training;

namespace Thalweg.Diagnostics;

/// <summary>Looks at a network before it trains: do signals on their way forward and gradients on their way back keep their size,
/// layer by layer?</summary>
/// <remarks>Both are predicted by theory (<see cref="SignalPropagation"/>) and measured on one batch. The network is left
/// as it was.</remarks>
public static class InitializationAudit
{
    /// <summary>Steepest slope of an activation divided by this is flat.</summary>
    private const double Flatness = 20;

    private static readonly Func<Tensor, Tensor> s_identity = z => z;

    /// <summary>Audits a network on some hundreds of training samples.</summary>
    /// <param name="module">The network, initialized.</param>
    /// <param name="training">Data to fit.</param>
    /// <param name="seed">Chooses the samples; default 1.</param>
    /// <param name="loss">The loss that it is to be trained with; default null, the one that belongs to the task.</param>
    /// <exception cref="ThalwegException">The network has neither dense layers nor convolutions, or its loss on the batch
    /// is not finite.</exception>
    public static AuditReport Run(Module module, TrainingSet training, ulong seed = 1, Loss? loss = null)
    {
        TrainingBatch batch = TrainingBatch.Take(module, training, seed, loss);
        return Run(module, batch.Loss, batch.Features, batch.MeanLoss);
    }

    /// <summary>Audits a network.</summary>
    /// <param name="module">The network, initialized.</param>
    /// <param name="loss">The loss it is to be trained with.</param>
    /// <param name="batch">Inputs of some hundreds of training samples.</param>
    /// <param name="targets">Their targets.</param>
    /// <exception cref="ThalwegException">The network has neither dense layers nor convolutions, or its loss on the batch
    /// is not finite.</exception>
    public static AuditReport Run(Module module, Loss loss, Tensor batch, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(batch);
        return Run(module, loss, batch, outputs => loss.Compute(outputs, targets));
    }

    private static AuditReport Run(Module module, Loss loss, Tensor batch, Func<Tensor, Tensor> lossOf)
    {
        // As the first step of a training, of which nothing stays.
        using ForwardScope context = ForwardContext.Begin(new ForwardOptions { IsTraining = true, Step = 0, IsRepeat = true });
        using StepScope scope = StepScope.Begin();
        using Recording recording = Recording.Start();
        Tensor y = module.Forward(batch), value = lossOf(y);
        RecordedOp[] ops = [.. recording.Behind(y).Where(op => op.RequiresGrad)];
        IReadOnlyList<RecordedLayer> layers = RecordedLayer.Of(module, recording, y);
        if (layers.Count == 0)
            throw new ThalwegException("[audit] expected a network with dense layers or convolutions, got none; there is nothing to audit");

        if (!double.IsFinite(value.Item()))
        {
            throw new ThalwegException($"[audit] expected a finite loss of the first batch, got {value.Item()}; look for missing values " +
                "in the data, or at weights that are too large");
        }

        Gradients.Of(value, [.. ops.Select(op => op.Output)]);
        recording.Stop();
        SignalPropagation theory = new(
            ops, layers, tensor => recording.OpOf(tensor)?.OutputGradient is { } gradient ? Moments.Of(gradient).Square : 0);
        Dictionary<Tensor, RecordedOp> next = Next(ops);
        List<AuditLayer> rows = [.. layers.Select(layer => Row(layer, theory, next))];
        double input = Moments.Of(batch).Square;
        (AuditVerdict verdict, List<string> findings) = AuditFindings.Of(
            module, rows, input, value.Item(), loss == Loss.SoftmaxCrossEntropy ? y.Shape[-1] : 0);
        return new AuditReport(verdict, findings, rows, input, value.Item());
    }

    /// <summary>The gain that neither grows nor shrinks the product of signal and gradient: g^4 E f(z)^2 E f'(z)^2 = 1 for z
    /// of N(0, 1).</summary>
    /// <remarks>It is sqrt(2) for ReLU and 1 for none, where forward and backward agree; elsewhere the compromise between both.</remarks>
    /// <param name="function">The activation f, on each element.</param>
    public static double GainFor(Func<Tensor, Tensor> function)
    {
        (double value, double slope) = Moments.Through(function, 1);
        return 1 / Math.Pow(value * slope, 0.25);
    }

    /// <summary>For each tensor the first operation that takes it.</summary>
    private static Dictionary<Tensor, RecordedOp> Next(IEnumerable<RecordedOp> ops)
    {
        Dictionary<Tensor, RecordedOp> next = new(ReferenceEqualityComparer.Instance);
        foreach (RecordedOp op in ops)
            next.TryAdd(op.Input(0), op);

        return next;
    }

    private static AuditLayer Row(RecordedLayer layer, SignalPropagation theory, Dictionary<Tensor, RecordedOp> next)
    {
        Tensor z = layer.BeforeActivation().Detach();
        (string name, Func<Tensor, Tensor> function) = FollowingActivation(layer, next);
        double terms = layer.Terms();
        (double flat, bool bounded) = ReferenceEquals(function, s_identity) ? (0, false) : Flat(z, function);
        return new AuditLayer
        {
            Name = layer.Name,
            Shape = layer.Weight.Shape,
            Activation = name,
            Terms = terms,
            Gain = Math.Sqrt(terms * Moments.Of(layer.Op.Input(1)).Square),
            ProposedGain = GainFor(function),
            PredictedForward = theory.ForwardOf(layer),
            MeasuredForward = Moments.Of(z).Square,
            PredictedBackward = theory.BackwardOf(layer),
            MeasuredBackward = Moments.Of(layer.Op.InnerGradient(InnerValue.PreActivation)!).Square,
            Values = z.Length / z.Shape[0],
            Flat = flat,
            IsBounded = bounded,
        };
    }

    /// <summary>The activation that a layer's result goes through, past normalizations and changes of shape.</summary>
    private static (string Name, Func<Tensor, Tensor> Function) FollowingActivation(
        RecordedLayer layer, Dictionary<Tensor, RecordedOp> next)
    {
        if (layer.Fused != Activation.None)
            return (ActivationNames.NameOf(layer.Fused), z => z.Activate(layer.Fused));

        RecordedOp op = layer.Op;
        while (next.TryGetValue(op.Output, out RecordedOp? after) && after.Kind != OpKind.Affine)
        {
            if (after.Kind == OpKind.Normalization && after.Attribute("activation", Activation.None) is var fused and not Activation.None)
                return (ActivationNames.NameOf(fused), z => z.Activate(fused));

            if (after.Name == "prelu")
            {
                double slope = after.Input(1).Detach().Mean().Item();
                return ("prelu", z => z.LeakyRelu(slope));
            }

            if (after.Kind == OpKind.Elementwise)
                return (after.Name, z => after.Apply(z));

            op = after;
        }

        return ("none", s_identity);
    }

    /// <summary>Share of flat places of a bounded activation, or of units that are flat throughout.</summary>
    private static (double Share, bool IsBounded) Flat(Tensor z, Func<Tensor, Tensor> function)
    {
        double steepest = Slopes(Tensor.From([.. Enumerable.Range(-80, 161).Select(i => i / 10.0)], [161]), function).Max();
        double[] slopes = Slopes(z, function), ends = function(Tensor.Vector(-200.0, -100.0, 100.0, 200.0)).ToArray<double>();
        bool bounded = Math.Abs(ends[1] - ends[0]) < 0.1 && Math.Abs(ends[3] - ends[2]) < 0.1;
        if (bounded)
            return (slopes.Count(slope => slope < steepest / Flatness) / (double)slopes.Length, true);

        int axis = z.Rank > 2 && z.Rank != 3 ? 1 : z.Rank - 1;
        long stride = z.Shape.LengthOf(axis + 1, z.Rank), units = z.Shape[axis];
        bool[] alive = new bool[units];
        for (int i = 0; i < slopes.Length; i++)
            alive[i / stride % units] |= slopes[i] > 0;

        return (alive.Count(lives => !lives) / (double)units, false);
    }

    private static double[] Slopes(Tensor z, Func<Tensor, Tensor> function)
    {
        Tensor leaf = z.Detach();
        leaf.RequiresGrad = true;
        return Gradients.Of(function(leaf).Sum(), leaf)[0].Abs().To(DType.Float64).ToArray<double>();
    }
}
