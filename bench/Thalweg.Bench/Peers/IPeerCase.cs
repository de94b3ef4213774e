using System.Globalization;
using Thalweg.Bench.Bounds;
using Thalweg.Training;

namespace Thalweg.Bench.Peers;

/// <summary>Our side of a comparison: one network with its data and optimizer, as the script of the peer has it under
/// the same name.</summary>
internal interface IPeerCase
{
    /// <summary>The name that both sides know it by.</summary>
    string Name { get; }

    /// <summary>Steps per round when the command line does not say: about a third of a second of work.</summary>
    int StepsPerRound => 300;

    /// <summary>The trainer once prepared; null for a case without one, which cannot be asked for its weights.</summary>
    Trainer? Trained => null;

    /// <summary>What a step has to do at least; null for a case that does not say it.</summary>
    StepWork? Work => null;

    /// <summary>Builds network and data and takes the first steps, so that everything is compiled and warm.</summary>
    void Prepare();

    /// <summary>Takes training steps.</summary>
    /// <param name="steps">How many, at least 1.</param>
    /// <returns>Seconds per step.</returns>
    double SecondsPerStep(int steps);
}

/// <summary>What the command line says for a case.</summary>
/// <param name="DataFolder">Folder with data files, for the cases that need one.</param>
/// <param name="Batch">Samples per step, for the cases that leave it open.</param>
internal sealed record PeerOptions(string? DataFolder, int Batch)
{
    /// <summary>The same for a peer.</summary>
    public IEnumerable<string> Arguments() =>
    [
        "--batch", Batch.ToString(CultureInfo.InvariantCulture), .. DataFolder is null ? Array.Empty<string>() : ["--data", DataFolder],
    ];
}
