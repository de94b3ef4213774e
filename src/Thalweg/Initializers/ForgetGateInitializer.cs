namespace Thalweg.Initializers;

/// <summary>Biases of the four gates of an LSTM: one value for the forget gate, the second of them, and 0 for the others.</summary>
internal sealed record ForgetGateInitializer(double Value) : Initializer
{
    public override void Fill(Tensor target, ref RandomStream stream)
    {
        long units = target.Length / 4;
        for (long i = 0; i < target.Length; i++)
            target.Write(i, i / units == 1 ? Value : 0);
    }
}
