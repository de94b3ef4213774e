using System.Text.Json;
using Thalweg.Conformance.Golden;

namespace Thalweg.Conformance.Tables;

/// <summary>Runs one operation: its outputs by name.</summary>
internal delegate Dictionary<string, Tensor> Operation(OperationCall call);

/// <summary>Inputs and options of one case of an operation.</summary>
internal sealed class OperationCall(GoldenCase golden)
{
    private readonly Dictionary<string, Tensor> _inputs = [];

    public Options Options => golden.Options;

    /// <summary>An input as a leaf of doubles that requires grad; the same tensor each time.</summary>
    public Tensor this[string name]
    {
        get
        {
            if (!_inputs.TryGetValue(name, out Tensor? input))
            {
                _inputs[name] = input = Json.Tensor(Raw(name));
                input.RequiresGrad = true;
            }

            return input;
        }
    }

    /// <summary>An input as integers: labels and indices.</summary>
    public Tensor Integers(string name) => Json.Integers(Raw(name));

    /// <summary>An input as doubles outside the graph: targets.</summary>
    public Tensor Constant(string name) => Json.Tensor(Raw(name));

    public bool Has(string name) => golden["inputs"].TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object;

    public int RankOf(string name) => Json.ShapeOf(Raw(name)).Rank;

    private JsonElement Raw(string name) =>
        Has(name) ? golden["inputs"].GetProperty(name) : throw new UnsupportedException($"a case without input {name}");
}
