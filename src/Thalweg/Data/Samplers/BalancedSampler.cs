namespace Thalweg.Data;

/// <summary>As many samples as there are, drawn with replacement so that each class comes equally often: for data in which some classes are
/// rare.</summary>
/// <remarks>Each draw takes a class at random, then one of its samples. Where sampling is balanced, predicted probabilities are those of
/// equally frequent classes. As PyTorch's <c>WeightedRandomSampler</c> with weights of 1 / (samples of the class).</remarks>
public sealed record BalancedSampler : Sampler
{
    /// <inheritdoc/>
    public override void Fill(in SamplerContext context, Span<int> order)
    {
        Dataset data = context.Data;
        if (!data.Task.HasClasses)
        {
            throw new ThalwegException($"[sampler] expected samples of one class each to balance, got the task {data.Task}; use another "
                + "sampler");
        }

        int[] labels = new int[data.Count];
        data.GatherLabels(Dataset.AllRows(data.Count), labels);
        int[][] classes = [.. labels.Select((label, sample) => (label, sample)).GroupBy(pair => pair.label).OrderBy(group => group.Key)
            .Select(group => group.Select(pair => pair.sample).ToArray())];
        RandomStream random = context.NewStream();
        for (int i = 0; i < order.Length; i++)
        {
            int[] own = classes[random.NextInt32(classes.Length)];
            order[i] = own[random.NextInt32(own.Length)];
        }
    }
}
