using static Thalweg.Conformance.Tables.OperationTable;

namespace Thalweg.Conformance.Tables;

/// <summary>Activations by the names of the reference.</summary>
internal static class ActivationTable
{
    public static Dictionary<string, Operation> All { get; } = new()
    {
        ["relu"] = Single(c => c["x"].Relu()),
        ["relu6"] = Single(c => c["x"].Relu6()),
        ["sigmoid"] = Single(c => c["x"].Sigmoid()),
        ["tanh"] = Single(c => c["x"].Tanh()),
        ["leaky_relu"] = Single(c => c["x"].LeakyRelu(c.Options.Number("negative_slope", 0.01))),
        ["elu"] = Single(c => c["x"].Elu(c.Options.Number("alpha", 1))),
        ["selu"] = Single(c => c["x"].Selu()),
        ["celu"] = Single(c => c["x"].Celu(c.Options.Number("alpha", 1))),
        ["gelu"] = Single(c => c.Options.Text("approximate", "none") == "tanh" ? c["x"].GeluTanh() : c["x"].Gelu()),
        ["silu"] = Single(c => c["x"].Silu()),
        ["mish"] = Single(c => c["x"].Mish()),
        ["softplus"] = Single(c => c["x"].Softplus(c.Options.Number("beta", 1), c.Options.Number("threshold", 20))),
        ["softsign"] = Single(c => c["x"].Softsign()),
        ["logsigmoid"] = Single(c => c["x"].LogSigmoid()),
        ["hardtanh"] = Single(c => c["x"].Hardtanh(c.Options.Number("min_val", -1), c.Options.Number("max_val", 1))),
        ["hardsigmoid"] = Single(c => c["x"].HardSigmoid()),
        ["hardswish"] = Single(c => c["x"].HardSwish()),
        ["tanhshrink"] = Single(c => c["x"].TanhShrink()),
        ["softshrink"] = Single(c => c["x"].SoftShrink(c.Options.Number("lambd", 0.5))),
        ["hardshrink"] = Single(c => c["x"].HardShrink(c.Options.Number("lambd", 0.5))),
        ["threshold"] = Single(c => c["x"].Threshold(c.Options.Number("threshold"), c.Options.Number("value"))),
        ["softmax"] = Single(c => c["x"].Softmax(c.Options.Integer("dim", -1))),
        ["log_softmax"] = Single(c => c["x"].LogSoftmax(c.Options.Integer("dim", -1))),
        ["softmin"] = Single(c => c["x"].Softmin(c.Options.Integer("dim", -1))),
        ["prelu"] = Single(c => c["x"].Prelu(c["weight"])),
        ["glu"] = Single(c => c["x"].Glu(c.Options.Integer("dim", -1))),
    };
}
