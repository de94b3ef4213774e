using Thalweg.Conformance.Golden;

namespace Thalweg.Conformance.Families;

/// <summary>Knows how cases of one family are run.</summary>
internal interface IFamily
{
    /// <summary>Runs a case and hands each number to the comparison.</summary>
    void Check(GoldenCase golden, Comparison comparison);
}

/// <summary>Families by name.</summary>
internal static class FamilyTable
{
    private static readonly Dictionary<string, IFamily> s_all = new()
    {
        ["operation"] = new OperationFamily(),
        ["optimizer"] = new OptimizerFamily(),
        ["optimizer_with_scheduler"] = new OptimizerFamily(),
        ["lr_scheduler"] = new SchedulerFamily(),
        ["gradient_clipping"] = new ClippingFamily(),
        ["initialization"] = new InitializationFamily(),
        ["batchnorm_sequence"] = new BatchNormFamily(),
        ["training"] = new TrainingFamily(),
        ["char_rnn_training"] = new CharRnnTrainingFamily(),
    };

    public static IFamily Of(string name) =>
        s_all.TryGetValue(name, out IFamily? family) ? family : throw new UnsupportedException($"family {name}");
}
