using System.Text.Json;
using Thalweg.Conformance.Golden;
using Thalweg.Conformance.Tables;

namespace Thalweg.Conformance.Families;

/// <summary>Operations: outputs, and gradients of sum(output * grad_output) by the fused and by the recorded derivatives.</summary>
internal sealed class OperationFamily : IFamily
{
    public void Check(GoldenCase golden, Comparison comparison)
    {
        string name = golden.Text("op");
        OperationCall call = new(golden);
        Operation operation = OperationTable.Find(name);
        Dictionary<string, Tensor> outputs = operation(call);
        golden.Options.RefuseUnread();
        foreach (JsonProperty expected in golden["outputs"].EnumerateObject())
            comparison.Add(expected.Name, Output(outputs, expected.Name), expected.Value);

        JsonProperty[] gradients = [.. golden["grads"].EnumerateObject()];
        Tensor[] inputs = [.. gradients.Select(g => call[g.Name])];
        Tensor[] fused = Gradients.Of(Weighed(golden, outputs), inputs), recorded = Gradients.OfWithGraph(Weighed(golden, outputs), inputs);
        for (int i = 0; i < inputs.Length; i++)
        {
            comparison.Add($"gradient of {gradients[i].Name}", fused[i], gradients[i].Value);
            comparison.Add($"recorded gradient of {gradients[i].Name}", recorded[i], gradients[i].Value);
        }
    }

    /// <summary>sum(output * grad_output).</summary>
    private static Tensor Weighed(GoldenCase golden, Dictionary<string, Tensor> outputs)
    {
        Tensor total = Tensor.Scalar(0, DType.Float64);
        foreach (JsonProperty weight in golden["grad_outputs"].EnumerateObject())
            total += Output(outputs, weight.Name).Multiply(Json.Tensor(weight.Value)).Sum();

        return total;
    }

    private static Tensor Output(Dictionary<string, Tensor> outputs, string name) =>
        outputs.TryGetValue(name, out Tensor? output) ? output : throw new UnsupportedException($"output {name}");
}
