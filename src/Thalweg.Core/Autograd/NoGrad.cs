namespace Thalweg;

/// <summary>A stretch of code in which operations are not recorded: for evaluation and prediction.</summary>
/// <remarks>
/// It counts for the thread that began it: no <c>await</c> within it.
/// <code>using (NoGrad.Begin()) { y = model.Forward(x); }</code>
/// </remarks>
public readonly struct NoGrad : IDisposable
{
    private readonly RecordingPause? _pause;
    private readonly int _number;

    private NoGrad(RecordingPause pause, int number) => (_pause, _number) = (pause, number);

    /// <summary>Stops recording on this thread until the result is disposed.</summary>
    public static NoGrad Begin()
    {
        (RecordingPause pause, int number) = RecordingPause.Begin();
        return new NoGrad(pause, number);
    }

    /// <summary>Records again, unless another one is around it; nothing where it has ended already.</summary>
    /// <exception cref="ThalwegException">Another thread began it; it has ended there all the same.</exception>
    public void Dispose() => _pause?.End(_number);
}
