using System.Numerics;
using Thalweg.Data;
using Thalweg.Kernels;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Regularizers;

/// <summary>Adds normal noise to the inputs: each sample becomes a small cloud.</summary>
/// <remarks>Formula: x + N(0, s^2), in the standardized unit of the features. For squared errors and small s it acts like a penalty on the
/// derivatives.
/// Source: Bishop, Training with noise is equivalent to Tikhonov regularization (1995), section 2.</remarks>
public sealed record InputNoise : Regularizer
{
    /// <summary>Makes the regularizer.</summary>
    /// <param name="deviation">Standard deviation s, in the standardized unit of the features, at least 0; customary 0.1.</param>
    /// <exception cref="ThalwegException">The deviation is negative or not finite: give a number of at least 0.</exception>
    public InputNoise(double deviation) => Deviation = deviation;

    /// <summary>Standard deviation s, in the standardized unit of the features, at least 0.</summary>
    public double Deviation { get; init => field = AtLeastZero(value); }

    /// <inheritdoc/>
    public override string Formula => "x + N(0, s^2)";

    /// <inheritdoc/>
    public override string Source => "Bishop: Training with noise is equivalent to Tikhonov regularization, 1995, section 2";

    /// <inheritdoc/>
    public override string Use => "tables and signals with measurement noise, and few samples";

    /// <inheritdoc/>
    protected internal override void RefuseUnfit(Dataset data)
    {
        if (data.Inputs.Any(input => input.IsInteger))
        {
            throw new ThalwegException($"[input_noise] expected inputs of numbers, got whole ones in '"
                + $"{data.Inputs.First(input => input.IsInteger)}', which noise would turn into others; leave it out");
        }
    }

    /// <inheritdoc/>
    protected internal override void Prepare(ref SampleBatch batch, ref RandomStream stream)
    {
        if (batch.Features.DType == DType.Float32)
            Add<float>(batch.Features, stream);
        else
            Add<double>(batch.Features, stream);
    }

    private unsafe void Add<T>(Tensor features, RandomStream stream)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        NormalNoise<T> noise = new(stream.Key, stream.High, Deviation);
        InputNoiseJob<T> job = new(noise, features.Pointer<T>(), (nint)features.Length);
        WorkerTeam.Run(ref job, job.Chunks);
        GC.KeepAlive(features);
    }
}

/// <summary>Adds normal numbers to a batch, each named by its place.</summary>
internal unsafe struct InputNoiseJob<T>(NormalNoise<T> noise, T* x, nint n) : IParallelJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Size = 4096;

    public readonly int Chunks => (int)((n + Size - 1) / Size);

    public readonly void Run(int chunk) => noise.Add(x, x, chunk * Size, nint.Min(n, (chunk + 1) * Size));
}
