namespace Thalweg.Training;

/// <summary>A piece of a step's samples after the forward pass, recorded; good until its visit ends. See
/// <see cref="TrainingObjective.Visit"/>.</summary>
public readonly record struct ObjectivePiece
{
    /// <summary>Inputs, <c>[samples, ...]</c>, as the regularizers left them.</summary>
    public required Tensor Features { get; init; }

    /// <summary>What the loss compared the outputs with.</summary>
    public required Tensor Targets { get; init; }

    /// <summary>Outputs of the network, <c>[samples, outputs]</c>.</summary>
    public required Tensor Outputs { get; init; }

    /// <summary>The piece's part of the objective: the pieces add up to it, penalties on the parameters left aside.</summary>
    public required Tensor Objective { get; init; }

    /// <summary>Mean loss of the piece, without regularizers.</summary>
    public required double Loss { get; init; }

    /// <summary>Share of the step's samples in this piece, dimensionless, in (0, 1].</summary>
    public required double Share { get; init; }

    /// <summary>Number of the piece, from 0.</summary>
    public required int Index { get; init; }
}
