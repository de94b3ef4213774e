using System.Diagnostics.CodeAnalysis;

namespace Thalweg;

/// <summary>Takes the cotangents that one operation gives its inputs; see <see cref="Op.Vjp"/>.</summary>
public readonly ref struct Cotangents
{
    private readonly BackwardPass _pass;
    private readonly OpCall _call;

    internal Cotangents(BackwardPass pass, in OpCall call, bool isMasked)
    {
        _pass = pass;
        _call = call;
        IsMasked = isMasked;
    }

    /// <summary>Whether the cotangent of the result is 0 already wherever the result is not above 0; see <see cref="TryMask"/>.</summary>
    internal bool IsMasked { get; }

    /// <summary>Whether the cotangents will be differentiated again.</summary>
    internal bool CreateGraph => _pass.CreateGraph;

    /// <summary>Whether the cotangent of input <paramref name="index"/> is wanted; skip the work where it is not.</summary>
    /// <param name="index">Input, from 0.</param>
    public bool Wants(int index) => _pass.Wants(_call[index]);

    /// <summary>Adds a finished cotangent; it may share memory with <c>gy</c>.</summary>
    /// <param name="index">Input, from 0.</param>
    /// <param name="value">Cotangent of the input's shape.</param>
    public void Add(int index, Tensor value) => _pass.Add(_call[index], value);

    /// <summary>Memory for a kernel to write the cotangent into: the parameter's own gradient buffer where there is one.</summary>
    /// <param name="index">Input, from 0.</param>
    /// <param name="accumulate">Whether the kernel must add to what is there; otherwise it must overwrite every element.</param>
    public Tensor Target(int index, out bool accumulate) => _pass.Target(_call[index], out accumulate);

    /// <summary>
    /// Whether what is written next, to <see cref="Target"/>, must be 0 wherever the input is not above 0, for an input that a
    /// rectifier made:
    /// its own rule then need not do that, unless others add to the cotangent. False where others have added, or want the cotangent itself.
    /// </summary>
    /// <param name="index">Input, from 0.</param>
    internal bool TryMask(int index) => _pass.TryMask(_call[index]);

    /// <summary>
    /// Memory for a kernel to write the whole cotangent into, what it computes added to what others have given before: one visit instead
    /// of two. False for a leaf, whose cotangent goes by <see cref="Target"/> or <see cref="Add"/>.
    /// </summary>
    /// <param name="index">Input, from 0.</param>
    /// <param name="target">Takes the sum; may be <paramref name="before"/> itself.</param>
    /// <param name="before">What others have given, or null.</param>
    internal bool TrySum(int index, [NotNullWhen(true)] out Tensor? target, out Tensor? before) =>
        _pass.TrySum(_call[index], out target, out before);
}
