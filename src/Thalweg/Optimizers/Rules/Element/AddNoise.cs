using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>Adds normal noise to the gradient, less with each step, which helps deep networks out of a poor start.</summary>
/// <remarks>
/// Formula: u = g + N(0, eta/(1 + t)^gamma), t from 0. State: none: the noise of an element is named by (seed, step, element), so that
/// resume and replay are exact. Source: Neelakantan et al., Adding gradient noise improves learning for very deep networks (2015), eq. 1,
/// after Welling and Teh (2011).
/// </remarks>
public sealed record AddNoise : ReduceRule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="eta">Variance eta of the first step, in the gradient's unit squared, at least 0; customary are 0.01, 0.3 and 1.</param>
    /// <exception cref="ThalwegException">The variance is negative or not finite: give a number of at least 0.</exception>
    public AddNoise(Hyperparameter eta) => Eta = eta;

    /// <summary>Variance eta of the first step, in the gradient's unit squared, at least 0.</summary>
    public Hyperparameter Eta { get; init => field = NonNegative(value); }

    /// <summary>Power gamma by which the variance falls, dimensionless, at least 0, default 0.55.</summary>
    public double Gamma { get; init => field = AtLeastZero(value); } = 0.55;

    /// <summary>Names the noise: the same seed gives the same noise; at least 0, default 0.</summary>
    public int Seed { get; init => field = AtLeast(0, value); }

    /// <inheritdoc/>
    public override string Formula => "u = g + N(0, eta/(1 + t)^gamma), t from 0";

    /// <inheritdoc/>
    public override string Source => "Neelakantan et al.: Adding gradient noise improves learning for very deep networks, 2015, eq. 1";

    /// <inheritdoc/>
    public override string Use => "very deep networks that stay stuck from a poor start";

    internal override bool NeedsScratch => true;

    internal override bool IsBySegment => true;

    internal override unsafe void Inspect<T>(Fusion<T> fusion)
    {
        RandomStream stream = new((ulong)Seed, RandomPurpose.GradientNoise, (ulong)fusion.Step);
        NoiseJob<T> job = new(stream.Key, stream.High, Math.Sqrt(fusion.At(Eta) / Math.Pow(1 + fusion.Step, Gamma)))
        {
            Input = fusion.Input,
            Output = fusion.UpdateBuffer,
            Chunks = fusion.Chunks,
        };
        WorkerTeam.Run(ref job, fusion.ChunkCount);
        fusion.Input = fusion.UpdateBuffer;
    }

    internal override void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) => fusion.Then(prefix, default(Identity<T>));
}

/// <summary>Adds normal numbers to a flat vector, each from its own block of the stream.</summary>
internal unsafe struct NoiseJob<T>(ulong key, ulong high, double deviation) : IParallelJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* Input, Output;
    public Chunk* Chunks;

    public readonly void Run(int chunk) =>
        new NormalNoise<T>(key, high, deviation).Add(Input, Output, Chunks[chunk].First, Chunks[chunk].End);
}
