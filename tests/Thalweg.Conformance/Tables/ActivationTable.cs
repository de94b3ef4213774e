using Thalweg.Conformance.Golden;
using static Thalweg.Conformance.Tables.OperationTable;

namespace Thalweg.Conformance.Tables;

/// <summary>Activations by the names of the reference.</summary>
internal static class ActivationTable
{
    /// <summary>Those without weights, which are also layers of networks.</summary>
    public static Dictionary<string, Func<Tensor, Options, Tensor>> WithoutWeights { get; } = new()
    {
        ["relu"] = (x, _) => x.Relu(),
        ["relu6"] = (x, _) => x.Relu6(),
        ["sigmoid"] = (x, _) => x.Sigmoid(),
        ["tanh"] = (x, _) => x.Tanh(),
        ["leaky_relu"] = (x, o) => x.LeakyRelu(o.Number("negative_slope", 0.01)),
        ["elu"] = (x, o) => x.Elu(o.Number("alpha", 1)),
        ["selu"] = (x, _) => x.Selu(),
        ["celu"] = (x, o) => x.Celu(o.Number("alpha", 1)),
        ["gelu"] = (x, o) => o.Text("approximate", "none") == "tanh" ? x.GeluTanh() : x.Gelu(),
        ["silu"] = (x, _) => x.Silu(),
        ["mish"] = (x, _) => x.Mish(),
        ["softplus"] = (x, o) => x.Softplus(o.Number("beta", 1), o.Number("threshold", 20)),
        ["softsign"] = (x, _) => x.Softsign(),
        ["logsigmoid"] = (x, _) => x.LogSigmoid(),
        ["hardtanh"] = (x, o) => x.Hardtanh(o.Number("min_val", -1), o.Number("max_val", 1)),
        ["hardsigmoid"] = (x, _) => x.HardSigmoid(),
        ["hardswish"] = (x, _) => x.HardSwish(),
        ["tanhshrink"] = (x, _) => x.TanhShrink(),
        ["softshrink"] = (x, o) => x.SoftShrink(o.Number("lambd", 0.5)),
        ["hardshrink"] = (x, o) => x.HardShrink(o.Number("lambd", 0.5)),
        ["threshold"] = (x, o) => x.Threshold(o.Number("threshold"), o.Number("value")),
        ["softmax"] = (x, o) => x.Softmax(o.Integer("dim", -1)),
        ["log_softmax"] = (x, o) => x.LogSoftmax(o.Integer("dim", -1)),
        ["softmin"] = (x, o) => x.Softmin(o.Integer("dim", -1)),
        ["glu"] = (x, o) => x.Glu(o.Integer("dim", -1)),
    };

    public static Dictionary<string, Operation> All { get; } = new(
        WithoutWeights.Select(known => KeyValuePair.Create(known.Key, Single(c => known.Value(c["x"], c.Options)))))
    {
        ["prelu"] = Single(c => c["x"].Prelu(c["weight"])),
    };
}
