using System.Text;

namespace Thalweg.Labs;

/// <summary>A claim of the source documents, and the experiment that can refute it.</summary>
/// <remarks>
/// To write a lab, derive from this class: <see cref="Run"/> measures figures, states with <see cref="LabContext.Expect"/> what must hold
/// of
/// them, and draws pictures. The verdict follows from the figures. Labs of this project are found by themselves: a new one is one file.
/// </remarks>
public abstract class Lab
{
    /// <summary>Name by which it is run, in lower case with hyphens, such as <c>zero-init</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What is claimed.</summary>
    public abstract LabClaim Claim { get; }

    /// <summary>The question that the experiment answers.</summary>
    public abstract LabText Question { get; }

    /// <summary>The experiment: data, networks, what is varied, what is measured.</summary>
    public abstract LabText Method { get; }

    /// <summary>What would have refuted the claim.</summary>
    public abstract LabText Refutation { get; }

    /// <summary>What decides where the claim holds only in part; empty (default) where nothing is to be said.</summary>
    public virtual LabText Limits => "";

    /// <summary>What can be replaced in the experiment, such as the initializer under test; default nothing.</summary>
    public virtual IReadOnlyList<LabOption> Options => [];

    /// <summary>What the lab belongs to: the last part of its namespace.</summary>
    public string Group => GetType().Namespace?.Split('.')[^1] ?? "";

    /// <summary>The code of the experiment; empty where the assembly does not hold it as the resource <c>TypeName.cs</c>.</summary>
    public string Code => ReadResource($"{GetType().Name}.cs");

    /// <summary>Carries out the experiment.</summary>
    /// <param name="context">Seeds, sizes and settings of the run; takes the figures, the expectations and the pictures.</param>
    public abstract void Run(LabContext context);

    /// <summary>A text that the lab's assembly holds.</summary>
    private string ReadResource(string name)
    {
        using Stream? stream = GetType().Assembly.GetManifestResourceStream(name);
        if (stream is null)
            return "";
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
