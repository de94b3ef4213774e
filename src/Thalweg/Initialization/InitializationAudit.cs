using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Training;

namespace Thalweg.Initialization;

/// <summary>Looks at a network before it trains: do signals on their way forward and gradients on their way back keep their size, layer by
/// layer?</summary>
/// <remarks>Both are predicted by theory (<see cref="SignalPropagation"/>) and measured on one batch. The network is left as it
/// was.</remarks>
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
    /// <exception cref="ThalwegException">The network has neither dense layers nor convolutions, or its loss on the batch is not
    /// finite.</exception>
    public static AuditReport Run(Module module, TrainingSet training, ulong seed = 1, Loss? loss = null)
    {
        Loss aim = loss ?? Evaluator.LossOf(training.Data.Task);
        OutputForm form = new Evaluator(module, aim).FormOf(training.Data);
        (Tensor batch, Tensor targets) = Rehearsal.Batch(module, training, seed);
        return Run(module, aim, (batch, form.Encode(targets, batch.DType)), form);
    }

    /// <summary>Audits a network.</summary>
    /// <param name="module">The network, initialized.</param>
    /// <param name="loss">The loss it is to be trained with.</param>
    /// <param name="batch">Inputs of some hundreds of training samples.</param>
    /// <param name="targets">Their targets.</param>
    /// <exception cref="ThalwegException">The network has neither dense layers nor convolutions, or its loss on the batch is not
    /// finite.</exception>
    public static AuditReport Run(Module module, Loss loss, Tensor batch, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(batch);
        return Run(module, loss, (batch, targets), form: null);
    }

    private static AuditReport Run(Module module, Loss loss, (Tensor Batch, Tensor Targets) samples, OutputForm? form)
    {
        using ForwardScope rehearsal = Rehearsal.Begin();
        using StepScope scope = StepScope.Begin();
        Tensor y = module.Forward(samples.Batch), value = loss.Compute(form?.Adapt(y) ?? y, samples.Targets);
        List<RecordedLayer> layers = RecordedLayer.Of(module, y);
        if (layers.Count == 0)
        {
            throw new ThalwegException("[audit] expected a network with dense layers or convolutions, got none; there is nothing to audit");
        }

        if (!double.IsFinite(value.Item()))
        {
            throw new ThalwegException($"[audit] expected a finite loss of the first batch, got {value.Item()}; look for missing values " +
                "in the data, or at weights that are too large");
        }

        Dictionary<Tensor, Tensor> gradients = Differentiate(y, value);
        SignalPropagation theory = new(y, layers, node => gradients.TryGetValue(node, out Tensor? g) ? Moments.Of(g).Square : 0);
        Dictionary<Tensor, Tensor> next = Next(y);
        List<AuditLayer> rows = [.. layers.Select(layer => Row(layer, theory, gradients[layer.Output], next))];
        double input = Moments.Of(samples.Batch).Square;
        (AuditVerdict verdict, List<string> findings) = AuditFindings.Of(
            module, rows, input, value.Item(), loss == Loss.SoftmaxCrossEntropy ? y.Shape[-1] : 0);
        return new AuditReport(verdict, findings, rows, input, value.Item());
    }

    /// <summary>The gain that neither grows nor shrinks the product of signal and gradient: g^4 E f(z)^2 E f'(z)^2 = 1 for z of N(0,
    /// 1).</summary>
    /// <remarks>It is sqrt(2) for ReLU and 1 for none, where forward and backward agree; elsewhere the compromise between both.</remarks>
    /// <param name="function">The activation f, on each element.</param>
    public static double GainFor(Func<Tensor, Tensor> function)
    {
        (double value, double slope) = Moments.Through(function, 1);
        return 1 / Math.Pow(value * slope, 0.25);
    }

    private static Dictionary<Tensor, Tensor> Differentiate(Tensor y, Tensor loss)
    {
        Tensor[] nodes = [.. RecordedGraph.Nodes(y)];
        Tensor[] values = Gradients.Of(loss, nodes);
        Dictionary<Tensor, Tensor> gradients = new(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < nodes.Length; i++)
        {
            gradients[nodes[i]] = values[i];
        }

        return gradients;
    }

    /// <summary>For each tensor the first result that was computed from it.</summary>
    private static Dictionary<Tensor, Tensor> Next(Tensor y)
    {
        Dictionary<Tensor, Tensor> next = new(ReferenceEqualityComparer.Instance);
        foreach (Tensor node in RecordedGraph.Nodes(y))
        {
            next.TryAdd(node.Call[0], node);
        }

        return next;
    }

    private static AuditLayer Row(RecordedLayer layer, SignalPropagation theory, Tensor gradient, Dictionary<Tensor, Tensor> next)
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
            Gain = Math.Sqrt(terms * Moments.Of(layer.Output.Call[1]).Square),
            ProposedGain = GainFor(function),
            PredictedForward = theory.ForwardOf(layer),
            MeasuredForward = Moments.Of(z).Square,
            PredictedBackward = theory.BackwardOf(layer),
            MeasuredBackward = Moments.Of(ParameterUse.BeforeActivation(layer.Output, gradient)).Square,
            Values = z.Length / z.Shape[0],
            Flat = flat,
            IsBounded = bounded,
        };
    }

    /// <summary>The activation that a layer's result goes through, past normalizations and changes of shape.</summary>
    private static (string Name, Func<Tensor, Tensor> Function) FollowingActivation(RecordedLayer layer, Dictionary<Tensor, Tensor> next)
    {
        if (layer.Fused != Activation.None)
        {
            return (ActivationNames.NameOf(layer.Fused), z => z.Activate(layer.Fused));
        }

        Tensor node = layer.Output;
        while (next.TryGetValue(node, out Tensor? after) && !ParameterUse.IsLayer(after))
        {
            if (after.Creator is BatchNormOp && (Activation)after.Call.Arguments.First is var fused and not Activation.None)
            {
                return (ActivationNames.NameOf(fused), z => z.Activate(fused));
            }

            if (after.Creator is PreluOp)
            {
                double slope = after.Call[1].Detach().Mean().Item();
                return ("prelu", z => z.LeakyRelu(slope));
            }

            if (after.Creator is UnaryOp op)
            {
                OpArguments arguments = after.Call.Arguments;
                return (op.Name, z => op.Apply(arguments, z));
            }

            node = after;
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
        {
            return (slopes.Count(slope => slope < steepest / Flatness) / (double)slopes.Length, true);
        }

        int axis = z.Rank > 2 && z.Rank != 3 ? 1 : z.Rank - 1;
        long stride = z.Shape.LengthOf(axis + 1, z.Rank), units = z.Shape[axis];
        bool[] alive = new bool[units];
        for (int i = 0; i < slopes.Length; i++)
        {
            alive[i / stride % units] |= slopes[i] > 0;
        }

        return (alive.Count(lives => !lives) / (double)units, false);
    }

    private static double[] Slopes(Tensor z, Func<Tensor, Tensor> function)
    {
        Tensor leaf = z.Detach();
        leaf.RequiresGrad = true;
        return Gradients.Of(function(leaf).Sum(), leaf)[0].Abs().To(DType.Float64).ToArray<double>();
    }
}
