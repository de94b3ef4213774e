namespace Thalweg.Data;

/// <summary>What a network learns to say about a sample.</summary>
public enum TaskKind
{
    /// <summary>One of several classes.</summary>
    Classification,

    /// <summary>A real number.</summary>
    Regression,
}
