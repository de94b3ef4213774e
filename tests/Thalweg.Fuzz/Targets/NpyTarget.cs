using Thalweg.Fuzz.Mutation;

namespace Thalweg.Fuzz.Targets;

/// <summary>An array of NumPy, with labels beside it.</summary>
internal sealed class NpyTarget() : DataTarget("npy")
{
    private const string Features = "x.npy", Labels = "y.npy";

    /// <inheritdoc/>
    public override void Prepare(string folder)
    {
        File.WriteAllBytes(Path.Combine(folder, Labels), NpyArrays.Labels);
        foreach (byte[] array in NpyArrays.Features)
        {
            File.WriteAllBytes(Path.Combine(folder, Features), array);
            Learn(Path.Combine(folder, Features));
        }
    }

    /// <inheritdoc/>
    public override FuzzInput Make(Draws draws)
    {
        bool areLabels = draws.OneIn(3);
        byte[] features = draws.Of(NpyArrays.Features), labels = draws.OneIn(4) ? NpyArrays.Names : NpyArrays.Labels;
        return new FuzzInput(
            [(Features, areLabels ? features : NpyArrays.Change(draws, features)), (Labels, areLabels ? NpyArrays.Change(draws, labels) : labels)],
            draws.Bits());
    }
}
