namespace Thalweg;

/// <summary>What a recorded computation consists of.</summary>
internal static class RecordedGraph
{
    /// <summary>All recorded results that a tensor depends on, and the tensor, in the order in which they were computed.</summary>
    /// <param name="result">The end of a recorded computation.</param>
    public static List<Tensor> Nodes(Tensor result)
    {
        HashSet<Tensor> seen = new(ReferenceEqualityComparer.Instance);
        Stack<Tensor> open = new([result]);
        while (open.TryPop(out Tensor? node))
        {
            if (node.Op is null || !seen.Add(node))
                continue;

            for (int i = 0; i < node.Call.Count; i++)
                open.Push(node.Call[i]);
        }

        return [.. seen.OrderBy(node => node.Sequence)];
    }
}
