using System.Numerics;
using Thalweg.Kernels;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>A chain at work on one flat vector: its rules in fused groups, with scratch memory between them.</summary>
internal sealed unsafe class RuleEngine<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Fusion<T>[] _groups;
    private readonly GateRule[] _gates;
    private readonly IReadOnlyList<Rule> _chain;
    private readonly RuleSlots[] _slots;
    private readonly int[] _movedFrom;
    private readonly ChunkTable _chunks;
    private readonly Tensor? _scratch;

    /// <summary>Groups the rules.</summary>
    /// <param name="chain">The rules.</param>
    /// <param name="slots">State of each rule, as long as the flat vector; the caller keeps it alive.</param>
    /// <param name="chunks">How the flat vector is cut.</param>
    /// <param name="groupSize">Rules of a group at most.</param>
    public RuleEngine(IReadOnlyList<Rule> chain, Tensor[][] slots, ChunkTable chunks, int groupSize)
    {
        List<Fusion<T>> groups = [];
        _chunks = chunks;
        _chain = chain;
        _slots = [.. chain.Zip(slots, (rule, tensors) => new RuleSlots(rule, tensors))];
        _movedFrom = [.. chain.Select(rule => rule.Needs.MovedFrom ?? int.MaxValue)];
        _gates = [.. chain.TakeWhile(rule => rule is GateRule).Cast<GateRule>()];
        foreach (Range range in RuleGroups.Of(chain, groupSize))
        {
            Rule[] rules = [.. chain.Take(range)];
            T[][] tables = [.. rules.Select(rule => Table(rule, chunks.Segments))];
            groups.Add(new(rules, _slots[range], tables, chunks, isLast: range.End.Value == chain.Count)
            {
                Before = groups.LastOrDefault(),
                Rate = chain.OfType<ScaleByLearningRate>().FirstOrDefault(),
                Measures = chain.ElementAtOrDefault(range.End) is ReduceRule { NeedsNorms: true },
            });
        }

        _groups = [.. groups];
        _scratch = _groups.Length > 1 || chain.Any(rule => rule is ReduceRule { NeedsScratch: true })
            ? Tensor.Zeros([(int)chunks.Length], DTypes.Of<T>()).Clone()
            : null;
    }

    private static T[] Table(Rule rule, ParameterSegments segments)
    {
        if (!rule.IsBySegment)
            return [];
        double[] numbers = new double[segments.Items.Count];
        rule.Fill(segments, numbers);
        T[] table = GC.AllocateUninitializedArray<T>(numbers.Length, pinned: true);
        for (int k = 0; k < table.Length; k++)
            table[k] = T.CreateTruncating(numbers[k]);
        return table;
    }

    /// <summary>Moves the weights to where gradient number <paramref name="evaluation"/> is to be taken.</summary>
    public void Move(int evaluation, T* parameters, T* gradients, long step)
    {
        for (int position = 0; position < _chain.Count; position++)
        {
            if (_movedFrom[position] <= evaluation)
                _chain[position].Move(parameters, gradients, _chunks.Length, _slots[position], step);
        }
    }

    /// <summary>Width of the vectors; results do not depend on it.</summary>
    public VectorWidth Width
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
        for (int gate = 0; gate < _gates.Length; gate++)
        {
            input = _gates[gate].Open(input, _slots[gate], _chunks, step);
            if (input is null)
                return;
            step = (long)(*(double*)_slots[gate][GateRule.Passed])++;
        }

        foreach (Fusion<T> group in _groups)
        {
            group.Run(input, parameters, scratch, step);
            input = scratch;
        }

        GC.KeepAlive(_scratch);
    }
}
