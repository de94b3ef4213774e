namespace Thalweg;

/// <content>Softmax family over the last axis, composed of other operations; the maximum is taken out first, so nothing overflows.</content>
public sealed partial class Tensor
{
    /// <summary>e^x / sum e^x over the last axis.</summary>
    public Tensor Softmax()
    {
        Tensor e = Subtract(MaxLast().Detach()).Exp();
        return e.Divide(KeepLast(e.Sum(-1)));
    }

    /// <summary>log softmax over the last axis.</summary>
    public Tensor LogSoftmax() => Subtract(LogSumExp());

    /// <summary>log sum e^x over the last axis, which is kept with size 1.</summary>
    public Tensor LogSumExp()
    {
        Tensor max = MaxLast().Detach();
        return KeepLast(Subtract(max).Exp().Sum(-1)).Log().Add(max);
    }

    private Tensor KeepLast(Tensor reduced) => reduced.Reshape(Shape.With(-1, 1));
}
