using System.Text.Json;
using Thalweg.Conformance.Golden;
using Thalweg.Conformance.Tables;
using Thalweg.Layers;

namespace Thalweg.Conformance.Families;

/// <summary>A network of a training case, with its parameters by the names and in the arrangement of the reference.</summary>
internal sealed class Network
{
    /// <summary>Gives a network the listed start values, one for each of its parameters.</summary>
    public Network(Module module, JsonElement start)
    {
        Module = module;
        module.Initialize(0, DType.Float64);
        JsonProperty[] values = [.. start.EnumerateObject()];
        foreach (JsonProperty value in values)
        {
            Tensor tensor = Json.Tensor(value.Value);
            Find(value.Name).Assign(IsInputsFirst(value.Name) ? tensor.Transpose() : tensor);
        }

        HashSet<string> started = [.. values.Select(value => OwnName(value.Name))];
        if (module.NamedParameters().Select(known => known.Name).FirstOrDefault(name => !started.Contains(name)) is string missing)
            throw new UnsupportedException($"a case without a start value of {missing}");
    }

    public Module Module { get; }

    /// <summary>Builds the network of a case from its list of layers.</summary>
    public static Network Of(GoldenCase golden) => new(
        new Sequential([.. golden["model"].GetProperty("layers").EnumerateArray().Select(LayerTable.Make)]), golden["init"]);

    /// <summary>Compares the parameters or their norms, and the buffers, that the case lists for the end.</summary>
    public void Compare(GoldenCase golden, Comparison comparison)
    {
        foreach (string list in (string[])["final_params", "final_buffers"])
        {
            foreach (JsonProperty tensor in golden.Has(list) ? [.. golden[list].EnumerateObject()] : (JsonProperty[])[])
                Compare(comparison, tensor);
        }

        JsonProperty[] norms = golden.Has("final_param_norms") ? [.. golden["final_param_norms"].EnumerateObject()] : [];
        foreach (JsonProperty norm in norms)
            comparison.Add($"norm of {norm.Name}", Get(norm.Name).Norm().Item(), norm.Value.GetDouble());
    }

    private void Compare(Comparison comparison, JsonProperty expected)
    {
        if (expected.Name.EndsWith(".num_batches_tracked", StringComparison.Ordinal))
        {
            double count = expected.Value.ValueKind == JsonValueKind.Object ? Json.Data(expected.Value)[0] : expected.Value.GetDouble();
            comparison.Add(expected.Name, BatchesOf(expected.Name), count);
        }
        else
        {
            comparison.Add(expected.Name, Get(expected.Name), expected.Value);
        }
    }

    /// <summary>A parameter or buffer by the reference's name, in its arrangement.</summary>
    private Tensor Get(string name) => IsInputsFirst(name) ? Find(name).Detach().Transpose().Contiguous() : Find(name).Detach();

    /// <summary>Training batches that a layer of batch normalization has seen.</summary>
    private double BatchesOf(string name) =>
        LayerOf(name) is BatchNorm layer ? layer.BatchesTracked : throw new UnsupportedException(name);

    /// <summary>Whether this library keeps a weight [in, out], the reference [out, in].</summary>
    private bool IsInputsFirst(string name) => Last(name).StartsWith("weight", StringComparison.Ordinal) &&
        LayerOf(name) is Dense or RecurrentLayer;

    private Module LayerOf(string name) => Module.Modules.FirstOrDefault(part => part.Name == First(name)).Module ??
        throw new UnsupportedException($"parameter {name}");

    private string OwnName(string name) => $"{First(name)}.{LayerTable.OwnName(LayerOf(name), Last(name))}";

    private static string First(string name) => name[..Math.Max(0, name.IndexOf('.'))];

    private static string Last(string name) => name[(name.IndexOf('.') + 1)..];

    private Tensor Find(string name)
    {
        string own = OwnName(name);
        foreach ((string known, Parameter parameter) in Module.NamedParameters())
        {
            if (known == own)
                return parameter.Value;
        }

        foreach ((string known, Tensor buffer) in Module.NamedBuffers())
        {
            if (known == own)
                return buffer;
        }

        throw new UnsupportedException($"parameter {name}");
    }
}
