using Thalweg.Layers;
using Thalweg.Tests.Shared;

namespace Thalweg.Tests.Layers;

/// <summary>A steady step leaves nothing on the managed heap, whatever the layer.</summary>
public sealed class LayerAllocationTests
{
    private static readonly RecurrentOptions s_deep = new() { Layers = 2, Bidirectional = true, Dropout = 0.2 };

    private static readonly Dictionary<string, Func<Module>> s_recurrent = new()
    {
        ["rnn"] = () => new Rnn(3, 4),
        ["lstm"] = () => new Lstm(3, 4, new RecurrentOptions { AllSteps = false }),
        ["gru"] = () => new Gru(3, 4),
        ["lstm in two layers and directions"] = () => new Lstm(3, 4, s_deep),
        ["gru in two layers and directions"] = () => new Gru(3, 4, s_deep),
        ["gru with a state that is carried"] = () => new Gru(3, 4, new RecurrentOptions { StatefulBatch = 3 }),
    };

    public static TheoryData<string> Recurrent => [.. s_recurrent.Keys];

    public static TheoryData<string> Others => LayerContractTests.Names;

    [Theory]
    [MemberData(nameof(Recurrent))]
    public void Steps_of_recurrent_layers_allocate_nothing(string name)
    {
        RandomStream stream = new(29, RandomPurpose.User, 1);
        Bytes(s_recurrent[name]().Initialize(7), Tensor.Normal([3, 5, 3], 0, 1, ref stream)).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Steps_of_layers_allocate_nothing(string name) =>
        Bytes(LayerContractTests.Make(name, DType.Float32), LayerContractTests.Input(name, DType.Float32)).ShouldBe(0);

    private static long Bytes(Module layer, Tensor x)
    {
        StepMemory memory = new() { RecycleHandles = true };
        layer.SetTraining(true);
        x.RequiresGrad = true;
        return Allocations.Fewest(Step, 20);

        void Step()
        {
            using StepScope scope = memory.Begin();
            layer.Forward(x).Sum().Backward();
        }
    }
}
