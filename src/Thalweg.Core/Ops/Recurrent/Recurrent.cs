namespace Thalweg;

/// <summary>What a recurrent layer computes in each time step from its input part a, its state h and its weight W.</summary>
public enum RecurrentCell
{
    /// <summary>h' = tanh(a + h W). Source: Elman, "Finding structure in time", Cognitive Science 14, 1990.</summary>
    Tanh,

    /// <summary>h' = max(a + h W, 0). Source: Le, Jaitly, Hinton, "A simple way to initialize recurrent networks of rectified linear
    /// units", arXiv:1504.00941, 2015.</summary>
    Relu,

    /// <summary>Gates i, f, g, o of a + h W: c' = f c + i g, h' = o tanh c'. Source: Hochreiter, Schmidhuber, Neural
    /// Computation 9(8), 1997; forget gates: Gers, Schmidhuber, Cummins, Neural Computation 12, 2000.</summary>
    Lstm,

    /// <summary>Gates r, z, n = tanh(a + r (h W + b)): h' = (1 - z) n + z h. Source: Cho and others, EMNLP 2014, eq. (5)-(8), with r
    /// after the product.</summary>
    Gru,
}

/// <summary>Settings of <see cref="Tensor.RecurrentScan"/>.</summary>
/// <param name="Cell">What is computed in each step.</param>
/// <param name="Reverse">Whether time runs from the last step to the first; default false.</param>
/// <param name="Lengths">Length of each sequence, from 0 to time: past it the state stays as it is. Null (default): all are full. Not to
/// be changed later.</param>
public sealed record RecurrentScanOptions(RecurrentCell Cell, bool Reverse = false, int[]? Lengths = null)
{
    /// <summary>Number of gates: the input part has this many columns for each unit.</summary>
    public int Gates => Cell switch
    {
        RecurrentCell.Lstm => 4,
        RecurrentCell.Gru => 3,
        _ => 1,
    };

    /// <summary>Number of state vectors: 2 for LSTM (h and c), else 1.</summary>
    public int States => Cell == RecurrentCell.Lstm ? 2 : 1;

    /// <summary>Of every cell, forward and reverse.</summary>
    private static readonly RecurrentScanOptions[] s_full =
        [.. Enum.GetValues<RecurrentCell>().SelectMany(cell => (RecurrentScanOptions[])[new(cell), new(cell, Reverse: true)])];

    /// <summary>The settings of full sequences, made once: a steady step must not make them again.</summary>
    /// <param name="cell">What is computed in each step.</param>
    /// <param name="reverse">Whether time runs from the last step to the first.</param>
    internal static RecurrentScanOptions Full(RecurrentCell cell, bool reverse) => s_full[((int)cell * 2) + (reverse ? 1 : 0)];
}

/// <content>Recurrence over time.</content>
public sealed partial class Tensor
{
    /// <summary>Runs a recurrent cell over time; this tensor is its input part x W_in + b for all steps,
    /// <c>[time, batch, gates * units]</c>.</summary>
    /// <param name="initial">State before the first step, <c>[states, batch, units]</c>.</param>
    /// <param name="weight">Weight of the state, <c>[units, gates * units]</c>; gates in the
    /// order that <see cref="RecurrentCell"/> names.</param>
    /// <param name="bias">GRU alone: bias within the product of the state, <c>[gates * units]</c>, or null for none.</param>
    /// <param name="options">Cell, direction, lengths.</param>
    /// <returns><c>[time + states - 1, batch, units]</c>: h of each step in the order of time and, for LSTM, the final c.</returns>
    /// <remarks>What a step computes is at each <see cref="RecurrentCell"/>. Source: Elman, Cognitive Science 14, 1990 (tanh); Hochreiter,
    /// Schmidhuber, Neural Computation 9(8), 1997, and Gers, Schmidhuber, Cummins, Neural Computation 12, 2000 (LSTM); Cho and others,
    /// EMNLP 2014, equations 5 to 8 (GRU).</remarks>
    /// <exception cref="ThalwegException">Shapes, types or lengths do not fit, or a cell other than GRU has a bias.</exception>
    public Tensor RecurrentScan(Tensor initial, Tensor weight, Tensor? bias, RecurrentScanOptions options)
    {
        RecurrentOp.Check(this, initial, weight, bias, options);
        OpArguments arguments = new() { Settings = options };
        return RecurrentOp.Instance.Apply(arguments, this, initial, weight, bias);
    }
}
