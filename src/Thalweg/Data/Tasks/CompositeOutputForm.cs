using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;

namespace Thalweg.Data;

/// <summary>Where the output and the target of one part lie in the columns of all.</summary>
/// <param name="Part">The part.</param>
/// <param name="Loss">Its loss.</param>
/// <param name="Form">What ties its output and target.</param>
/// <param name="Output">Shape of its output for one sample, and its first column.</param>
/// <param name="Target">First column of its target.</param>
internal sealed record CompositePart(TaskPart Part, Loss Loss, OutputForm Form, (int[] Shape, int Start) Output, int Target)
{
    /// <summary>Its output from the columns of all, as the network gave it.</summary>
    public Tensor OutputOf(Tensor all)
    {
        int width = Output.Shape.Aggregate(1, (product, size) => product * size);
        Tensor own = all.Slice(-1, Output.Start, width);
        return Output.Shape.Length == 1 ? own : own.Reshape([all.Shape[0], .. Output.Shape]);
    }

    /// <summary>Its target from the columns of all.</summary>
    public Tensor TargetOf(Tensor all)
    {
        TensorSpec spec = Part.Task.Targets[0];
        Tensor own = all.Slice(-1, Target, spec.Width).Reshape([all.Shape[0], .. spec.Shape]).Contiguous();
        return spec.IsInteger ? own.To(DType.Int32) : own;
    }
}

/// <summary>The outputs of several parts side by side, <c>[batch, columns]</c>, with their targets likewise, so that whatever works on one
/// output works on several. Labels are whole numbers in the type of the network, exact below 2^24.</summary>
/// <param name="parts">The parts in order.</param>
internal sealed class CompositeOutputForm(CompositePart[] parts) : OutputForm(parts.Sum(p => p.Form.Width))
{
    /// <summary>The parts in order.</summary>
    public IReadOnlyList<CompositePart> Parts => parts;

    internal override Tensor Join(TensorDictionary outputs)
    {
        Tensor[] columns = new Tensor[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            Tensor own = outputs[parts[i].Part.Name];
            columns[i] = own.Rank == 2 ? own : own.Flatten();
        }

        return columns.Length == 1 ? columns[0] : Tensor.Concatenate(-1, columns);
    }

    public override void Predict(Tensor outputs, Span<double> results)
    {
        int rows = outputs.Shape[0], start = 0;
        foreach (CompositePart part in parts)
        {
            double[] own = new double[rows * part.Form.Width];
            part.Form.Predict(part.OutputOf(outputs).Contiguous(), own);
            for (int row = 0; row < rows; row++)
                own.AsSpan(row * part.Form.Width, part.Form.Width).CopyTo(results[((row * Width) + start)..]);
            start += part.Form.Width;
        }
    }

    internal override void Score(Tensor outputs, Tensor targets, ref ScoreSums sums)
    {
        using NoGrad silence = NoGrad.Begin();
        sums.Parts ??= new ScoreSums[parts.Length];
        sums.PartLosses ??= new (double Sum, double Weight)[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!sums.IsPartStarted(i))
                sums.Parts[i] = parts[i].Part.Task.NewSums();
            (Tensor y, Tensor t) = (parts[i].OutputOf(outputs).Contiguous(), parts[i].TargetOf(targets));
            parts[i].Form.Score(y, t, ref sums.Parts[i]);
            double mean = parts[i].Loss.Compute(parts[i].Form.Adapt(y), parts[i].Form.Encode(t, y.DType)).Item();
            double weight = parts[i].Loss.TotalWeight(t);
            sums.PartLosses[i] = (sums.PartLosses[i].Sum + (mean * weight), sums.PartLosses[i].Weight + weight);
        }
    }

    /// <summary>The parts of a task, bound to the outputs of a network.</summary>
    /// <exception cref="ThalwegException">A part has no output of its name, or one that does not fit.</exception>
    public static CompositeOutputForm Of(CompositeTask task, Module module, TensorDictionary outputs)
    {
        List<CompositePart> parts = [];
        (int output, int target) = (0, 0);
        foreach (TaskPart part in task.Parts)
        {
            if (!outputs.TryGetValue(part.Name, out Tensor? own))
            {
                throw new ThalwegException($"[train] expected an output '{part.Name}' of the network, as the task says, got "
                    + $"{string.Join(", ", outputs.Keys)}; name the outputs in Forward as the parts of the task");
            }

            Loss loss = part.Loss ?? part.Task.DefaultLoss;
            int[] shape = own.Shape.ToArray()[1..];
            parts.Add(new CompositePart(part, loss, part.Task.FormOf(loss, module, own.Shape), (shape, output), target));
            output += shape.Aggregate(1, (product, size) => product * size);
            target += part.Task.Targets[0].Width;
        }

        return new CompositeOutputForm([.. parts]);
    }
}

/// <summary>The sum of the losses of several outputs, each by its weight, on the columns of <see cref="CompositeOutputForm"/>.</summary>
/// <param name="Form">Where the parts lie.</param>
internal sealed record CompositeLoss(CompositeOutputForm Form) : Loss
{
    /// <inheritdoc/>
    public override string Name => CompositeTask.Word;

    /// <inheritdoc/>
    public override Tensor Compute(Tensor outputs, Tensor targets, Reduction reduction = Reduction.Mean) =>
        Sum(outputs, targets, (part, y, t) => part.Loss.Compute(y, t, reduction));

    /// <inheritdoc/>
    public override Tensor Compute(Tensor outputs, Tensor targets, Tensor sampleWeights, Reduction reduction = Reduction.Mean) =>
        Sum(outputs, targets, (part, y, t) => part.Loss.Compute(y, t, sampleWeights, reduction));

    /// <summary>The losses of the parts by name and weight.</summary>
    internal override string TextOfParts => string.Join(" + ", Form.Parts.Select(p =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{p.Part.Weight} {p.Part.Name}: {p.Loss}")));

    private Tensor Sum(Tensor outputs, Tensor targets, Func<CompositePart, Tensor, Tensor, Tensor> compute)
    {
        Tensor? sum = null;
        foreach (CompositePart part in Form.Parts)
        {
            if (part.Part.Weight == 0)
                continue;
            Tensor y = part.OutputOf(outputs);
            Tensor own = compute(part, part.Form.Adapt(y), part.Form.Encode(part.TargetOf(targets), y.DType));
            own = part.Part.Weight == 1 ? own : own.Multiply(part.Part.Weight);
            sum = sum is null ? own : sum.Add(own);
        }

        return sum!;
    }
}
