using Thalweg.Initializers;
using Thalweg.Layers;

namespace Thalweg.Tests.Initialization;

/// <summary>Networks and inputs of these tests.</summary>
internal static class Nets
{
    public const int Width = 32;

    /// <summary>Hidden layers of 32 units on 32 inputs, 10 outputs, in double.</summary>
    public static Sequential Deep(int hidden, Activation activation, Initializer initializer, int width = Width)
    {
        List<Module> layers = [];
        for (int i = 0; i < hidden; i++)
            layers.Add(new Dense(i == 0 ? Width : width, width, activation, initializer));

        layers.Add(new Dense(hidden == 0 ? Width : width, 10, Activation.None, Initializer.LeCun()));
        return (Sequential)new Sequential([.. layers]).Initialize(1, DType.Float64);
    }

    public static Tensor Batch(int rows, int width, ulong seed = 3)
    {
        RandomStream stream = new(seed, RandomPurpose.User);
        return Tensor.Normal([rows, width], 0, 1, ref stream, DType.Float64);
    }

    public static Tensor Labels(int rows) => Tensor.From([.. Enumerable.Range(0, rows).Select(i => i % 10)], [rows]);
}
