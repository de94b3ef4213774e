using System.Numerics;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>A rule that treats the weights of one unit together: all that lead to one output; a vector is one unit.</summary>
/// <remarks>Two passes over update and weights, parameter by parameter, on one thread; sums run through each unit in order, in double. The
/// unit of a dense weight <c>[in, out]</c> is a column, that of a convolution <c>[out, in, window]</c>, or of a transposed one <c>[in, out,
/// window]</c>, all windows of an output channel.</remarks>
public abstract record UnitRule : ReduceRule
{
    internal sealed override bool NeedsScratch => true;

    internal sealed override bool IsBySegment => true;

    internal sealed override int Passes => 2;

    /// <summary>Whether the rule changes a parameter; the update of others passes.</summary>
    internal virtual bool Reaches(ParameterSegment segment) => segment.IsWeight && segment.IsMatrix;

    /// <summary>The new update of a unit, a u + b w + c, from sums over the unit.</summary>
    internal abstract UnitChange Change(UnitSums sums, long step);

    internal sealed override unsafe void Inspect<T>(Fusion<T> fusion)
    {
        foreach (ParameterSegment segment in fusion.Segments.Segments)
        {
            T* update = fusion.Input + segment.Offset, output = fusion.UpdateBuffer + segment.Offset;
            if (Reaches(segment))
                Apply(segment, update, fusion.Parameters + segment.Offset, output, fusion);
            else if (update != output)
                new ReadOnlySpan<T>(update, segment.Size).CopyTo(new(output, segment.Size));
        }

        fusion.Input = fusion.UpdateBuffer;
    }

    internal sealed override void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) => fusion.Then(prefix, default(Identity<T>));

    private unsafe void Apply<T>(ParameterSegment segment, T* update, T* weights, T* output, Fusion<T> fusion)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int units, int run, int groups) = segment.IsMatrix ? (segment.Units, segment.UnitRun, segment.OutputGroups) : (1, segment.Size, 1);
        Span<UnitSums> all = fusion.Scratch<UnitSums>(units);
        all.Clear();
        int size = segment.Size / groups;
        for (int group = 0; group < groups; group++)
        {
            int first = group * size;
            Apply(all.Slice(group * (units / groups), units / groups), run, size, update + first, weights + first, output + first,
                fusion.Step);
        }
    }

    /// <summary>Changes the weights of units that take turns in runs.</summary>
    private unsafe void Apply<T>(Span<UnitSums> sums, int run, int size, T* update, T* weights, T* output, long step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int units = sums.Length;
        for (int k = 0, unit = 0; k < size; unit = unit + 1 < units ? unit + 1 : 0)
        {
            ref UnitSums sum = ref sums[unit];
            for (int end = k + run; k < end; k++)
                sum.Add(double.CreateTruncating(update[k]), double.CreateTruncating(weights[k]));
        }

        for (int j = 0; j < units; j++)
            sums[j].Change = Change(sums[j], step);
        for (int k = 0, unit = 0; k < size; unit = unit + 1 < units ? unit + 1 : 0)
        {
            UnitChange change = sums[unit].Change;
            for (int end = k + run; k < end; k++)
            {
                output[k] = T.CreateTruncating(
                    (change.Update * double.CreateTruncating(update[k])) + (change.Weight * double.CreateTruncating(weights[k])) +
                        change.Constant);
            }
        }
    }
}

/// <summary>What becomes of the update of a unit: Update u + Weight w + Constant.</summary>
internal readonly record struct UnitChange(double Update, double Weight = 0, double Constant = 0);

/// <summary>Sums over the weights of one unit.</summary>
internal struct UnitSums
{
    public int Count;
    public double Update, UpdateSquares, WeightSquares, NewSquares;
    public UnitChange Change;

    public void Add(double u, double w)
    {
        Count++;
        Update += u;
        UpdateSquares += u * u;
        WeightSquares += w * w;
        NewSquares += (w + u) * (w + u);
    }
}
