using System.Runtime.InteropServices;

namespace Thalweg;

/// <summary>An affine map or convolution that takes a parameter as its weight.</summary>
/// <param name="Parameter">Number of the parameter in the list that was asked for.</param>
/// <param name="Output">The result of the operation; it knows its inputs.</param>
/// <param name="Description">What the operation says of itself.</param>
internal readonly record struct AffineUse(int Parameter, Tensor Output, OpDescription Description);

/// <summary>Finds where parameters are weights on the way to a result, from what is remembered for the derivative; its lists are used
/// again, so that a search like the last one allocates nothing.</summary>
internal sealed class AffineUses
{
    private static readonly Comparison<Tensor> s_earliestFirst = static (a, b) => a.Sequence.CompareTo(b.Sequence);

    private readonly HashSet<Tensor> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<Tensor> _open = new();
    private readonly List<Tensor> _nodes = [];

    /// <summary>First link of the chain of parameters that a tensor stands for.</summary>
    private readonly Dictionary<Tensor, int> _aliases = new(ReferenceEqualityComparer.Instance);
    private readonly List<(int Parameter, int Next)> _links = [];
    private readonly List<AffineUse> _found = [];
    private readonly Dictionary<(Op Op, OpArguments Arguments, int Inputs), OpDescription> _descriptions = [];

    /// <summary>All such operations, in the order in which they ran; good until the next call.</summary>
    /// <param name="result">The end of the computation.</param>
    /// <param name="parameters">The parameters. One that is reshaped, or added to another of its shape, is found behind that.</param>
    public ReadOnlySpan<AffineUse> Find(Tensor result, ReadOnlySpan<Tensor> parameters)
    {
        Forget();
        Collect(result);
        for (int i = 0; i < parameters.Length; i++)
        {
            _aliases[parameters[i]] = _links.Count;
            _links.Add((i, -1));
        }

        foreach (Tensor node in _nodes)
        {
            if (IsAlias(node))
            {
                Join(node);
            }
            else if (node.Call.Count > 1 && _aliases.TryGetValue(node.Call[1], out int link)
                && Describe(node) is { Kind: OpKind.Affine } found)
            {
                for (; link >= 0; link = _links[link].Next)
                    _found.Add(new AffineUse(_links[link].Parameter, node, found));
            }
        }

        return CollectionsMarshal.AsSpan(_found);
    }

    /// <summary>Lets go of the tensors of the last search.</summary>
    public void Forget()
    {
        _seen.Clear();
        _nodes.Clear();
        _aliases.Clear();
        _links.Clear();
        _found.Clear();
    }

    private void Collect(Tensor result)
    {
        _open.Push(result);
        while (_open.TryPop(out Tensor? node))
        {
            if (node.Op is null || !node.RequiresGrad || !_seen.Add(node))
                continue;
            _nodes.Add(node);
            for (int i = 0; i < node.Call.Count; i++)
                _open.Push(node.Call[i]);
        }

        CollectionsMarshal.AsSpan(_nodes).Sort(s_earliestFirst);
    }

    private bool IsAlias(Tensor node)
    {
        ref readonly OpCall call = ref node.Call;
        return node.Op!.Name switch
        {
            "reshape" => _aliases.ContainsKey(call[0]),
            "add" => call[0].Shape == call[1].Shape && _aliases.ContainsKey(call[0]) && _aliases.ContainsKey(call[1]),
            _ => false,
        };
    }

    /// <summary>Notes that a tensor stands for the parameters that its inputs stand for.</summary>
    private void Join(Tensor node)
    {
        int last = -1;
        for (int i = 0; i < node.Call.Count; i++)
        {
            for (int link = _aliases.GetValueOrDefault(node.Call[i], -1); link >= 0; link = _links[link].Next)
            {
                int own = _links.Count;
                _links.Add((_links[link].Parameter, -1));
                if (last < 0)
                    _aliases[node] = own;
                else
                    CollectionsMarshal.AsSpan(_links)[last].Next = own;
                last = own;
            }
        }
    }

    private OpDescription Describe(Tensor node)
    {
        ref readonly OpCall call = ref node.Call;
        (Op, OpArguments, int) key = (node.Op!, call.Arguments, call.Count);
        if (!_descriptions.TryGetValue(key, out OpDescription? description))
        {
            _descriptions[key] = description = new OpDescription();
            node.Op!.Describe(call.Arguments, call.Count, description);
        }

        return description;
    }
}
