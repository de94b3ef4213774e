using static Thalweg.Conformance.Tables.OperationTable;

namespace Thalweg.Conformance.Tables;

/// <summary>Affine maps and embeddings by the names of the reference.</summary>
internal static class LinearTable
{
    public static Dictionary<string, Operation> All { get; } = new()
    {
        // The reference keeps weights [out, in], this library [in, out].
        ["linear"] = Single(c => c["x"].Linear(c["weight"].Transpose(), c.Has("bias") ? c["bias"] : null)),
        ["embedding"] = Single(Embed),
    };

    private static Tensor Embed(OperationCall call)
    {
        Tensor weight = call["weight"];
        if (!call.Options.Has("padding_idx"))
            return weight.GatherRows(call.Integers("index"));

        // The padding row is used as it is but does not learn; a negative one counts from the end.
        int row = call.Options.Integer("padding_idx", 0);
        Tensor padding = Tensor.Vector(row < 0 ? row + weight.Shape[0] : row).OneHot(weight.Shape[0], DType.Float64).Transpose();
        return Tensor.Where(padding, weight.Detach(), weight).GatherRows(call.Integers("index"));
    }
}
