using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Bench.Updates;

/// <summary>The update of one optimizer on so many parameters, gradients and state, over and over, without a network.</summary>
internal sealed unsafe class UpdateWork : IDisposable
{
    private readonly AlignedMemory<float> _parameters, _gradients;
    private readonly OptimizerRun _run;

    /// <summary>Makes the parameters, all of one matrix, and the state.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="columns">Its columns.</param>
    public UpdateWork(Chain optimizer, int rows, int columns)
    {
        int length = checked(rows * columns);
        (_parameters, _gradients) = (new(length, i => 0.01f * (i % 7 - 3)), new(length, i => 0.001f * (i % 11 - 5)));
        _run = new(optimizer, new ParameterSegments(new ParameterSegment("weight", 0, length, Shape: [rows, columns])));
    }

    /// <summary>Number of parameters.</summary>
    public long Length => _parameters.Length;

    /// <summary>Bytes that an update reads and writes: the gradient once, parameters and state twice each.</summary>
    public double Bytes =>
        (3.0 * sizeof(float) * Length) + (2.0 * _run.State.Slots.Sum(slot => slot.Values.Length * slot.Values.DType.SizeOf()));

    /// <summary>The work, to be timed.</summary>
    public Contender Contender(string name) => new(name, Step);

    public void Dispose()
    {
        _parameters.Dispose();
        _gradients.Dispose();
    }

    private void Step(int repetitions)
    {
        for (int i = 0; i < repetitions; i++)
            _run.Step(_parameters.Pointer, _gradients.Pointer);
    }
}
