namespace Thalweg;

/// <summary>A stretch of code in which operations are not recorded: for evaluation and prediction.</summary>
/// <remarks><code>using (NoGrad.Begin()) { y = model.Forward(x); }</code></remarks>
public readonly struct NoGrad : IDisposable
{
    private readonly bool _begun;

    private NoGrad(bool begun) => _begun = begun;

    /// <summary>Stops recording on this thread until the result is disposed.</summary>
    public static NoGrad Begin()
    {
        Op.Silence();
        return new NoGrad(true);
    }

    /// <summary>Records again.</summary>
    public void Dispose()
    {
        if (_begun)
        {
            Op.Resume();
        }
    }
}
