using Thalweg.Conformance.Golden;

namespace Thalweg.Conformance.Families;

/// <summary>Batch normalization over a sequence of training and evaluation steps.</summary>
internal sealed class BatchNormFamily : IFamily
{
    public void Check(GoldenCase golden, Comparison comparison) => throw new UnsupportedException($"operation {golden.Text("op")}");
}
