using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>How an examination is made; every value has a default.</summary>
public sealed record DoctorOptions
{
    /// <summary>Most work of experiments and replays, as a multiple of the counted work of the run, 0 or more; default 6. Work is counted
    /// in steps and samples, never by the clock; a replay that has begun is finished.</summary>
    public double Budget
    {
        get;
        init => field = value >= 0
            ? value
            : throw new ThalwegException($"[doctor] expected a budget of 0 or more times the run, got {value}; give a number such as 6");
    } = 6;

    /// <summary>Whether experiments are made where signs alone do not tell; default true.</summary>
    public bool Experiments { get; init; } = true;

    /// <summary>Seed of the random numbers of experiments; default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Language of texts, one of <see cref="DoctorTexts.Languages"/>; default English.</summary>
    public string Language { get; init; } = DoctorTexts.English;

    /// <summary>Counted work of instruments while the doctor trains, as a share of that of training, above 0; default 1. A doctor that only
    /// watches, as <see cref="DoctorObserver"/>, spends 0.05.</summary>
    public double InstrumentBudget { get; init; } = 1;

    /// <summary>Whether distributions of activations and gradients and the spectrum of the curvature are read too, for a
    /// <see cref="DoctorReport"/>; default false. They have a budget of their own and change no finding.</summary>
    public bool ForReport { get; init; }

    /// <summary>A network in place of that of the recipe; default null.</summary>
    public NetworkFactory? Network { get; init; }

    /// <summary>Data in place of those of the recipe; default null.</summary>
    public RunData? Data { get; init; }

    /// <summary>Called with what is being done, in a line; default null.</summary>
    public Action<string>? Progress { get; init; }
}
