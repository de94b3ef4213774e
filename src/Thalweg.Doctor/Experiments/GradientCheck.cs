using Thalweg.Layers;
using Thalweg.Training;

namespace Thalweg.Diagnosis;

/// <summary>How far the gradient of a network with custom modules or operations is from differences of its loss.</summary>
/// <param name="Error">Largest error over the parameters, as a share of the larger of both derivatives.</param>
/// <param name="Parameter">The parameter with that error.</param>
/// <param name="Operation">Custom operations and modules between it and the outputs; null where none is known.</param>
/// <remarks>Central differences along a random direction of each parameter. Source: Bengio, Practical recommendations for gradient-based
/// training of deep architectures, 2012, section 4.1.</remarks>
internal sealed record GradientCheck(double Error, string Parameter, string? Operation)
{
    private const int MostSamples = 16, Directions = 2;
    private const double Step = 2e-2, Least = 1e-4;

    /// <summary>Checks a run at its start; null where all of it is of this library, or where samples cannot be had at will.</summary>
    public static GradientCheck? Of(Trainer trainer)
    {
        if (trainer.TrainingData.Stream is not null || trainer.Module.IsStateful || !IsCustom(trainer))
            return null;
        int all = trainer.TrainingData.Data.Count, count = Math.Min(MostSamples, all);
        TrainingProbe probe = trainer.NewProbe(count);
        probe.Begin([.. Enumerable.Range(0, count).Select(i => (int)((long)i * all / count))], trainer.Step);
        Tensor gradient = Tensor.Zeros(trainer.Parameters.Gradients.Shape, trainer.Parameters.Gradients.DType);
        probe.Gradient(gradient);
        double[] slopes = gradient.To(DType.Float64).ToArray<double>();
        Tensor values = trainer.Parameters.Values, before = values.Detach().Clone();
        try
        {
            return Largest(trainer, probe, slopes, before);
        }
        finally
        {
            values.Assign(before);
        }
    }

    private static GradientCheck Largest(Trainer trainer, TrainingProbe probe, double[] slopes, Tensor before)
    {
        double[] weights = before.To(DType.Float64).ToArray<double>();
        double total = Math.Sqrt(slopes.Sum(slope => slope * slope));
        GradientCheck worst = new(0, "", null);
        for (int i = 0; i < trainer.Parameters.Segments.Items.Count; i++)
        {
            Optimizers.ParameterSegment segment = trainer.Parameters.Segments.Items[i];
            double error = Enumerable.Range(0, Directions).Min(direction => ErrorOf(
                trainer, probe, (slopes, weights, total), segment, new RandomStream(trainer.Options.Seed, RandomPurpose.Instruments, (ulong)((i * Directions) + direction))));
            if (error > worst.Error)
                worst = new GradientCheck(error, trainer.Parameters.Named[i].Name, worst.Operation);
        }

        return worst with { Operation = Operations(trainer, probe) };
    }

    /// <summary>The least error of several directions counts: kinks of rectifiers disturb single ones.</summary>
    private static double ErrorOf(
        Trainer trainer, TrainingProbe probe, (double[] Slopes, double[] Weights, double Total) point, Optimizers.ParameterSegment segment, RandomStream random)
    {
        double size = 0, along = 0;
        for (int i = segment.Offset; i < segment.Offset + segment.Size; i++)
            size += point.Weights[i] * point.Weights[i];
        double step = Step * Math.Max(Math.Sqrt(size / segment.Size), 0.05);
        double[] moved = new double[point.Weights.Length];
        for (int i = segment.Offset; i < segment.Offset + segment.Size; i++)
        {
            double sign = random.NextDouble() < 0.5 ? -1 : 1;
            moved[i] = step * sign;
            along += sign * point.Slopes[i];
        }

        double difference = (At(trainer, probe, point.Weights, moved, 1) - At(trainer, probe, point.Weights, moved, -1)) / (2 * step);
        double larger = Math.Max(Math.Abs(difference), Math.Abs(along));
        double noise = Least + (0.02 * point.Total);
        return double.IsFinite(difference) && larger > noise ? Math.Abs(difference - along) / larger : 0;
    }

    private static double At(Trainer trainer, TrainingProbe probe, double[] weights, double[] moved, int sign)
    {
        double[] point = [.. weights.Zip(moved, (weight, move) => weight + (sign * move))];
        Tensor values = trainer.Parameters.Values;
        values.Assign(Tensor.From(point, values.Shape).To(values.DType));
        return probe.Objective.Value();
    }

    private static bool IsCustom(Trainer trainer) => IsForeign(trainer.Loss.GetType())
        || trainer.Module.NamedModules().Any(part => IsForeign(part.Module.GetType()));

    /// <summary>Whether a type is not of this library.</summary>
    internal static bool IsForeign(Type type) => type.Assembly != typeof(Module).Assembly && type.Assembly != typeof(Tensor).Assembly;

    private static string? Operations(Trainer trainer, TrainingProbe probe)
    {
        string[] names = [];
        using Recording recording = Recording.Start(new RecordingOptions { Gradients = false });
        probe.Objective.Visit(pass =>
        {
            if (names.Length > 0)
                return;
            recording.Stop();
            names = [.. recording.Ops.Where(op => IsForeign(op.Op.GetType()))
                .Select(op => op.Layer.Length == 0 ? op.Name : $"{op.Name} in {op.Layer}").Distinct()];
        });
        string[] modules = names.Length > 0 ? names : [.. trainer.Module.NamedModules().Where(part => IsForeign(part.Module.GetType()))
            .Select(part => $"{part.Module.GetType().Name} ({part.Name})").Distinct()];
        return modules.Length == 0 ? null : string.Join(", ", modules.Take(4));
    }
}
