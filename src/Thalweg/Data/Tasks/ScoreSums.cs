using System.Numerics;
using Thalweg.Data;

namespace Thalweg.Metrics;

/// <summary>What the figures of an evaluation are made of, added up over batches.</summary>
internal struct ScoreSums
{
    private readonly IReadOnlyList<NumberOutput>? _outputs;
    private double[]? _columns;

    /// <param name="outputs">The numbers that are learned.</param>
    public ScoreSums(IReadOnlyList<NumberOutput> outputs) =>
        (_outputs, _columns) = outputs.Count == 1 ? (null, null) : (outputs, new double[3 * outputs.Count]);

    /// <summary>Targets that count, and those that are right.</summary>
    public int Counted, Right;

    /// <summary>Labels that are predicted, that are true, and that are both.</summary>
    public long Said, True, Both;

    /// <summary>Sums of errors squared and absolute, of targets and of their squares.</summary>
    public double Squares, Absolutes, Targets, SquaredTargets;

    /// <summary>Of several outputs: the sums of each, null before the first batch.</summary>
    public ScoreSums[]? Parts;

    /// <summary>Of several outputs: sum and weight of the losses of each.</summary>
    public (double Sum, double Weight)[]? PartLosses;

    /// <summary>Whether a part has been counted.</summary>
    public readonly bool IsPartStarted(int part) => PartLosses![part].Weight > 0 || Parts![part].Counted > 0;

    /// <summary>Adds a number.</summary>
    /// <param name="column">Which of the numbers.</param>
    /// <param name="target">What it should be, in the unit of training.</param>
    /// <param name="error">By how much the prediction is off.</param>
    public void Add(int column, double target, double error)
    {
        double scaled = _outputs is null ? error : error * _outputs[column].Deviation;
        Squares += scaled * scaled;
        Absolutes += Math.Abs(scaled);
        if (_columns is null)
        {
            Targets += target;
            SquaredTargets += target * target;
            return;
        }

        _columns[3 * column] += target;
        _columns[(3 * column) + 1] += target * target;
        _columns[(3 * column) + 2] += error * error;
    }

    /// <summary>Adds single numbers that the outputs say as they are; false, and nothing, where each sample has several.</summary>
    /// <param name="outputs">The predictions.</param>
    /// <param name="targets">What they should be.</param>
    public bool TryAdd<T>(ReadOnlySpan<T> outputs, ReadOnlySpan<T> targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_outputs is not null || outputs.Length != targets.Length)
            return false;
        (double squares, double absolutes, double sum, double squared) = (Squares, Absolutes, Targets, SquaredTargets);
        for (int i = 0; i < targets.Length; i++)
        {
            double target = double.CreateTruncating(targets[i]), error = double.CreateTruncating(outputs[i]) - target;
            squares += error * error;
            absolutes += Math.Abs(error);
            sum += target;
            squared += target * target;
        }

        (Squares, Absolutes, Targets, SquaredTargets) = (squares, absolutes, sum, squared);
        return true;
    }

    /// <summary>Share of the targets' variance explained, the mean over the numbers; NaN where the targets of one are all equal.</summary>
    /// <param name="samples">Number of samples.</param>
    public readonly double R2(int samples)
    {
        if (_columns is null)
            return R2(samples, Targets, SquaredTargets, Squares);
        double sum = 0;
        for (int i = 0; i < _columns.Length; i += 3)
            sum += R2(samples, _columns[i], _columns[i + 1], _columns[i + 2]);
        return 3 * sum / _columns.Length;
    }

    /// <summary>Copies the sums to others, whose memory is used again.</summary>
    public readonly void CopyTo(ref ScoreSums other)
    {
        (double[]? columns, ScoreSums[]? parts, (double, double)[]? losses) = (other._columns, other.Parts, other.PartLosses);
        other = this;
        other._columns = Copy(_columns, columns);
        other.PartLosses = Copy(PartLosses, losses);
        if (Parts is null)
            return;
        other.Parts = parts is null || ReferenceEquals(parts, Parts) ? new ScoreSums[Parts.Length] : parts;
        for (int i = 0; i < Parts.Length; i++)
            Parts[i].CopyTo(ref other.Parts[i]);
    }

    private static T[]? Copy<T>(T[]? from, T[]? to)
    {
        if (from is null)
            return null;
        to = to is null || ReferenceEquals(to, from) ? new T[from.Length] : to;
        from.CopyTo(to, 0);
        return to;
    }

    /// <summary>The sums as a saved run keeps them.</summary>
    public readonly EpochScores ToScores()
    {
        ScoreSums self = this;
        return new EpochScores
        {
            Loss = 0,
            Weight = 0,
            BatchMeans = 0,
            Batches = 0,
            Samples = 0,
            Counted = Counted,
            Right = Right,
            Said = Said,
            True = True,
            Both = Both,
            Squares = Squares,
            Absolutes = Absolutes,
            Targets = Targets,
            SquaredTargets = SquaredTargets,
            Columns = _columns?.ToArray(),
            Outputs = Parts is null ? null : [.. Parts.Select((part, i) => part.ToScores() with
            {
                Loss = self.PartLosses![i].Sum,
                Weight = self.PartLosses[i].Weight,
            })],
        };
    }

    /// <summary>Takes over the sums of a saved run.</summary>
    /// <param name="scores">The sums.</param>
    /// <param name="task">What is learned.</param>
    public void Restore(EpochScores scores, LearningTask task)
    {
        (Counted, Right) = (scores.Counted ?? scores.Samples, scores.Right);
        (Said, True, Both) = (scores.Said, scores.True, scores.Both);
        (Squares, Absolutes, Targets, SquaredTargets) = (scores.Squares, scores.Absolutes, scores.Targets, scores.SquaredTargets);
        if (_columns is not null && scores.Columns?.Count == _columns.Length)
            scores.Columns.ToArray().CopyTo(_columns, 0);
        if (scores.Outputs is null || scores.Outputs.Count != task.Parts.Count)
            return;
        Parts = [.. task.Parts.Select(part => part.Task.NewSums())];
        PartLosses = [.. scores.Outputs.Select(part => (part.Loss, part.Weight))];
        for (int i = 0; i < Parts.Length; i++)
            Parts[i].Restore(scores.Outputs[i], task.Parts[i].Task);
    }

    /// <summary>How many numbers <see cref="Write"/> writes.</summary>
    /// <param name="task">What is learned.</param>
    public readonly int LengthFor(LearningTask task)
    {
        IReadOnlyList<TaskPart> parts = PartsOf(task);
        int length = 9 + (_columns?.Length ?? 0);
        for (int i = 0; i < parts.Count; i++)
            length += 2 + parts[i].Task.NewSums().LengthFor(parts[i].Task);
        return length;
    }

    /// <summary>Writes all sums as a row of numbers, counts among them.</summary>
    /// <param name="row">Takes them.</param>
    /// <param name="task">What is learned.</param>
    /// <returns>How many.</returns>
    public readonly int Write(Span<double> row, LearningTask task)
    {
        IReadOnlyList<TaskPart> parts = PartsOf(task);
        ReadOnlySpan<double> own = [Counted, Right, Said, True, Both, Squares, Absolutes, Targets, SquaredTargets];
        own.CopyTo(row);
        int length = own.Length;
        _columns.CopyTo(row[length..]);
        length += _columns?.Length ?? 0;
        for (int i = 0; i < parts.Count; i++)
        {
            (row[length], row[length + 1]) = PartLosses is null ? default : PartLosses[i];
            LearningTask part = parts[i].Task;
            length += 2 + (Parts is null ? part.NewSums() : Parts[i]).Write(row[(length + 2)..], part);
        }

        return length;
    }

    /// <summary>Adds the sums that <see cref="Write"/> wrote.</summary>
    /// <param name="row">The numbers.</param>
    /// <param name="task">What is learned.</param>
    /// <returns>How many were read.</returns>
    public int Add(ReadOnlySpan<double> row, LearningTask task)
    {
        IReadOnlyList<TaskPart> parts = PartsOf(task);
        (Counted, Right) = (Counted + (int)row[0], Right + (int)row[1]);
        (Said, True, Both) = (Said + (long)row[2], True + (long)row[3], Both + (long)row[4]);
        (Squares, Absolutes, Targets, SquaredTargets) =
            (Squares + row[5], Absolutes + row[6], Targets + row[7], SquaredTargets + row[8]);
        int length = 9;
        for (int i = 0; i < (_columns?.Length ?? 0); i++)
            _columns![i] += row[length++];
        if (parts.Count > 0 && Parts is null)
        {
            Parts = [.. parts.Select(part => part.Task.NewSums())];
            PartLosses = new (double, double)[Parts.Length];
        }

        for (int i = 0; i < parts.Count; i++)
        {
            ref (double Sum, double Weight) loss = ref PartLosses![i];
            loss = (loss.Sum + row[length], loss.Weight + row[length + 1]);
            length += 2 + Parts![i].Add(row[(length + 2)..], parts[i].Task);
        }

        return length;
    }

    /// <summary>The parts of a composite task; a plain one names itself as its only part.</summary>
    private static IReadOnlyList<TaskPart> PartsOf(LearningTask task) => task is CompositeTask ? task.Parts : [];

    private static double R2(int samples, double sum, double sumOfSquares, double squares)
    {
        double mean = sum / samples, variance = sumOfSquares - (samples * mean * mean);
        return variance > 0 ? 1 - (squares / variance) : double.NaN;
    }
}
