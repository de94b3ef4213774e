using System.Text.Json;
using Thalweg.Conformance.Golden;
using Thalweg.Conformance.Tables;
using Thalweg.Layers;

namespace Thalweg.Conformance.Families;

/// <summary>A network of a training case, with its parameters by the names and in the arrangement of the reference.</summary>
internal sealed class Network
{
    private Network(Sequential module) => Module = module;

    public Sequential Module { get; }

    /// <summary>Builds the network and gives it the listed start values.</summary>
    public static Network Of(GoldenCase golden)
    {
        Sequential module = new([.. golden["model"].GetProperty("layers").EnumerateArray().Select(LayerTable.Make)]);
        module.Initialize(0, DType.Float64);
        Network network = new(module);
        foreach (JsonProperty start in golden["init"].EnumerateObject())
        {
            Tensor value = Json.Tensor(start.Value);
            network.Find(start.Name).Assign(IsDenseWeight(start.Name, module) ? value.Transpose() : value);
        }

        return network;
    }

    /// <summary>A parameter or buffer by the reference's name, in its arrangement.</summary>
    public Tensor Get(string name) => IsDenseWeight(name, Module) ? Find(name).Detach().Transpose().Contiguous() : Find(name).Detach();

    /// <summary>Training batches that a layer of batch normalization has seen.</summary>
    public double BatchesOf(string name) =>
        LayerOf(name, Module) is BatchNorm layer ? layer.BatchesTracked : throw new UnsupportedException(name);

    private static bool IsDenseWeight(string name, Sequential module) => name.EndsWith(".weight") && LayerOf(name, module) is Dense;

    private static Module LayerOf(string name, Sequential module) => module.Modules[int.Parse(name[..name.IndexOf('.')])].Module;

    private Tensor Find(string name)
    {
        string own = LayerTable.OwnName(LayerOf(name, Module), name[(name.IndexOf('.') + 1)..]),
            full = $"{name[..name.IndexOf('.')]}.{own}";
        foreach ((string known, Parameter parameter) in Module.NamedParameters())
        {
            if (known == full)
            {
                return parameter.Value;
            }
        }

        foreach ((string known, Tensor buffer) in Module.NamedBuffers())
        {
            if (known == full)
            {
                return buffer;
            }
        }

        throw new UnsupportedException($"parameter {name}");
    }
}
