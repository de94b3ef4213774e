using Shouldly;
using Thalweg.Checkpoints;
using Thalweg.Layers;
using Thalweg.Tests.Data;
using Thalweg.Training;
using Xunit;

namespace Thalweg.Tests.Training;

/// <summary>Weights come back as they were, kept in memory or in a file.</summary>
public sealed class BestWeightsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void Restores_what_was_kept(long largestInMemory)
    {
        (Module network, ParameterVector parameters) = Make(1);
        BestWeights keeper = new(network, parameters, largestInMemory);
        float[] start = parameters.Values.ToArray<float>();
        Shift(parameters, 1);
        keeper.Restore();
        parameters.Values.ToArray<float>().ShouldBe(start);

        Shift(parameters, 2);
        keeper.Capture();
        float[] kept = parameters.Values.ToArray<float>();
        Shift(parameters, 3);
        keeper.Restore();
        parameters.Values.ToArray<float>().ShouldBe(kept);
        kept.ShouldNotBe(start);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void Goes_through_a_checkpoint(long largestInMemory)
    {
        using TestFiles folder = new();
        (Module network, ParameterVector parameters) = Make(1);
        float[] start = parameters.Values.ToArray<float>();
        SafetensorsWriter writer = new();
        new BestWeights(network, parameters, largestInMemory).Write(writer, name => $"best/{name}");
        Shift(parameters, 1);
        writer.Write(folder.Path("weights"));

        (Module other, ParameterVector others) = Make(2);
        BestWeights keeper = new(other, others, largestInMemory);
        keeper.Read(SafetensorsFile.Read(folder.Path("weights")), name => $"best/{name}", "weights");
        keeper.Restore();

        // A copy in memory is taken when the keeper is made, as one in a file is.
        others.Values.ToArray<float>().ShouldBe(start);
    }

    private static (Module Network, ParameterVector Parameters) Make(ulong seed)
    {
        Module network = new Sequential(new Dense(3, 4), new BatchNorm1d(4)).Initialize(seed);
        return (network, new ParameterVector(network));
    }

    private static void Shift(ParameterVector parameters, float by)
    {
        foreach (ref float value in parameters.Values.AsSpan<float>())
            value += by;
    }
}
