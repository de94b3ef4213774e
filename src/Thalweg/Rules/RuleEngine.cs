using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>A chain at work on one flat vector: its rules in fused groups, with scratch memory between them.</summary>
internal sealed unsafe class RuleEngine<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Fusion<T>[] _groups;
    private readonly Tensor? _scratch;

    /// <summary>Groups the rules.</summary>
    /// <param name="chain">The rules.</param>
    /// <param name="slots">State of each rule, as long as the flat vector; whoever passes it keeps it alive.</param>
    /// <param name="pieces">How the flat vector is cut.</param>
    /// <param name="groupSize">Rules of a group at most.</param>
    public RuleEngine(IReadOnlyList<Rule> chain, Tensor[][] slots, PieceTable pieces, int groupSize)
    {
        List<Fusion<T>> groups = [];
        for (int start = 0, end; start < chain.Count; start = end)
        {
            end = start + 1;
            while (end < chain.Count && end - start < groupSize && chain[end] is not ReduceRule)
                end++;
            Rule[] rules = [.. chain.Skip(start).Take(end - start)];
            nint[][] addresses = [.. slots[start..end].Select(rule => rule.Select(Address).ToArray())];
            T[][] tables = [.. rules.Select(rule => rule.IsBySegment ? GC.AllocateArray<T>(pieces.Segments.Items.Count, pinned: true) : [])];
            groups.Add(new(rules, addresses, tables, pieces, isLast: end == chain.Count));
        }

        _groups = [.. groups];
        _scratch = _groups.Length > 1 || chain.Any(rule => rule is ReduceRule { NeedsScratch: true }) ? Tensor.Zeros([(int)pieces.Length], DTypes.Of<T>()).Keep() : null;
    }

    private static nint Address(Tensor slot) => slot.DType == DType.Float64 ? (nint)slot.Pointer<double>() : (nint)slot.Pointer<T>();

    /// <summary>Width of the lanes; results do not depend on it.</summary>
    public LaneWidth Width
    {
        set => Array.ForEach(_groups, group => group.Width = value);
    }

    /// <summary>The norm that the first reduce rule saw in the last step; NaN where there is none.</summary>
    public double Norm => Array.Find(_groups, group => !double.IsNaN(group.Norm))?.Norm ?? double.NaN;

    /// <summary>Makes the update that follows <paramref name="step"/> completed ones.</summary>
    public void Step(T* parameters, T* gradients, long step)
    {
        T* scratch = _scratch is null ? null : _scratch.Pointer<T>();
        T* input = gradients;
        foreach (Fusion<T> group in _groups)
        {
            group.Run(input, parameters, scratch, step);
            input = scratch;
        }

        GC.KeepAlive(_scratch);
    }
}
