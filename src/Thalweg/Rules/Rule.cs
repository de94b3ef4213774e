using System.Numerics;

namespace Thalweg.Rules;

/// <summary>One step of a gradient's way to an update: an immutable record of settings, which a <see cref="Chain"/> puts in a row.</summary>
/// <remarks>
/// The first rule receives the gradient g, each further one the update u of the rule before it; what the last one gives is added to
/// the parameters. Only <see cref="ScaleByLearningRate"/> turns the sign.
/// </remarks>
public abstract record Rule : Described
{
    /// <summary>Names of the state that the rule keeps per parameter; each costs one number per parameter.</summary>
    public virtual IReadOnlyList<string> Slots => [];

    /// <summary>Puts the rule's element maths, with this step's numbers in it, behind <paramref name="prefix"/>.</summary>
    /// <remarks>Generic over what comes before, so that the whole chain becomes one type, and the JIT makes one loop of it.</remarks>
    internal abstract void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TPrefix : unmanaged, IRuleKernel<T>;
}

/// <summary>A rule that first looks at the whole update at once: it ends the fused group before it, and its factor opens the next.</summary>
public abstract record ReduceRule : Rule
{
    /// <summary>The factor for every element, from the Euclidean norm of the whole update.</summary>
    internal abstract double Factor(double norm, long step);

    internal sealed override void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new ScaleKernel<T>(T.CreateTruncating(fusion.Factor)));
}
