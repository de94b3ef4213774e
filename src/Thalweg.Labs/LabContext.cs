using Thalweg.Data;
using Thalweg.Training;

namespace Thalweg.Labs;

/// <summary>A run of a lab: what the experiment may use, and what it hands over.</summary>
public sealed class LabContext
{
    private readonly Lab _lab;
    private readonly LabRunOptions _options;
    private readonly Action<double>? _progress;
    private readonly List<LabFigure> _figures = [];
    private readonly List<LabCriterion> _criteria = [];
    private readonly List<LabPicture> _pictures = [];
    private int _planned, _done;

    /// <summary>Makes the context of a run.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="options">How it is run.</param>
    /// <param name="progress">Takes the share that is done, in [0, 1]; default null.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="ThalwegException">An option is out of range.</exception>
    public LabContext(Lab lab, LabRunOptions options, Action<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(lab);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_lab, _options, _progress, Cancellation) = (lab, options, progress, cancellation);
        Seeds = [.. Enumerable.Range(1, options.SeedCount).Select(seed => (ulong)seed)];
    }

    /// <summary>How large the experiment is.</summary>
    public LabMode Mode => _options.Mode;

    /// <summary>Seeds of the experiment, from 1.</summary>
    public IReadOnlyList<ulong> Seeds { get; }

    /// <summary>Ends the run; <see cref="Fit"/> and <see cref="OverSeeds"/> look at it.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Updates of weights so far, of all networks.</summary>
    public long Updates { get; private set; }

    /// <summary>A size by the mode of the run.</summary>
    /// <param name="tiny">Its value for tests.</param>
    /// <param name="quick">Its value in quick mode.</param>
    /// <param name="full">Its value in full mode.</param>
    public T Pick<T>(T tiny, T quick, T full) => Mode switch { LabMode.Full => full, LabMode.Tiny => tiny, _ => quick };

    /// <summary>The value of an option of the lab.</summary>
    /// <param name="name">Its name in <see cref="Lab.Options"/>.</param>
    public string Option(string name) => _options.Settings.TryGetValue(name, out string? value)
        ? value : _lab.Options.First(option => option.Name == name).Default;

    /// <summary>The record that the value of an option of the lab stands for.</summary>
    /// <typeparam name="TKind">Its kind, such as <c>Initializer</c> or <c>Loss</c>.</typeparam>
    /// <param name="name">Its name in <see cref="Lab.Options"/>.</param>
    /// <exception cref="ThalwegException">The text is not one of the kind: the message names the nearest.</exception>
    public TKind Setting<TKind>(string name)
        where TKind : SettingsRecord => Settings.Parse<TKind>(Option(name));

    /// <summary>Says how many pieces of work the run has, for its progress; <see cref="OverSeeds"/> counts one for each seed.</summary>
    /// <param name="pieces">Pieces of work, 1 or more.</param>
    public void Plan(int pieces) => _planned = pieces;

    /// <summary>Counts a piece of work as done.</summary>
    /// <exception cref="OperationCanceledException">The run was ended.</exception>
    public void Advance()
    {
        Cancellation.ThrowIfCancellationRequested();
        _done++;
        _progress?.Invoke(Math.Min(1, _done / (double)Math.Max(_planned, Seeds.Count)));
    }

    /// <summary>Does a piece of work for each seed.</summary>
    /// <param name="work">The work.</param>
    /// <returns>Its results, in the order of the seeds.</returns>
    /// <exception cref="OperationCanceledException">The run was ended.</exception>
    public T[] OverSeeds<T>(Func<ulong, T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        T[] results = new T[Seeds.Count];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = work(Seeds[i]);
            Advance();
        }

        return results;
    }

    /// <summary>Trains to the end, and counts the updates.</summary>
    /// <param name="trainer">The run.</param>
    /// <param name="each">Is told each step after its update; default null.</param>
    /// <exception cref="OperationCanceledException">The run of the lab was ended.</exception>
    public TrainingReport Fit(Trainer trainer, Action<StepReport>? each = null)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        foreach (StepReport step in trainer.Steps(Cancellation))
        {
            Updates++;
            each?.Invoke(step);
        }

        Cancellation.ThrowIfCancellationRequested();
        return trainer.Report!;
    }

    /// <summary>Counts updates that were made without <see cref="Fit"/>.</summary>
    /// <param name="updates">Their number, 0 or more.</param>
    public void Count(long updates) => Updates += updates;

    /// <summary>Opens built-in data.</summary>
    /// <param name="name">Name of the built-in set.</param>
    /// <param name="training">Training samples, 8 or more.</param>
    /// <param name="validation">Validation samples, 1 or more.</param>
    /// <param name="seed">Seed of the samples; default 1.</param>
    public DataSplit Open(string name, int training, int validation, ulong seed = 1)
    {
        int all = Math.Max(training, validation) + validation;
        DataSource source = DataSource.Open(name, new DataOptions { SampleCount = all, Seed = seed, ChecksLeakage = false });
        return Divide(source, training, validation, seed);
    }

    /// <summary>The image sets that the claim is put to: the built-in glyphs, and in full mode with a folder of data also Fashion-MNIST and
    /// MNIST.</summary>
    /// <param name="training">Training samples of each.</param>
    /// <param name="validation">Validation samples of each.</param>
    public IReadOnlyList<LabData> Images(int training, int validation)
    {
        List<LabData> sets = [new("glyphs", seed => Open("glyphs", training, validation, seed))];
        if (Mode == LabMode.Full && _options.DataDirectory is { } folder)
        {
            foreach (string name in (string[])["fashion-mnist", "mnist"])
            {
                string path = Path.Combine(folder, name);
                if (!Directory.Exists(path))
                    continue;
                DataSource source = DataSource.Open(path, new DataOptions { ChecksLeakage = false });
                sets.Add(new(name, seed => Divide(source, training, validation, seed)));
            }
        }

        return sets;
    }

    /// <summary>The path of a file or folder of real data; null outside of full mode, without a folder of data, and where it is not
    /// there.</summary>
    /// <param name="name">Path in the folder of data, such as <c>text/tinyshakespeare.txt</c>.</param>
    public string? RealData(string name) => Mode == LabMode.Full && _options.DataDirectory is { } folder
        && Path.Combine(folder, name) is var path && (File.Exists(path) || Directory.Exists(path)) ? path : null;

    /// <summary>Hands over a figure.</summary>
    /// <param name="name">Short name in lower case with hyphens, alike in all runs.</param>
    /// <param name="label">What it is.</param>
    /// <param name="values">Its value for each seed; one where nothing is random.</param>
    /// <param name="scale">Scale on which the mean is taken; default linear.</param>
    public LabFigure Measure(string name, LabText label, IEnumerable<double> values, LabScale scale = LabScale.Linear)
    {
        LabFigure figure = new(name, label, [.. values], scale);
        _figures.Add(figure);
        return figure;
    }

    /// <summary>Hands over a figure that is not random.</summary>
    /// <inheritdoc cref="Measure(string, LabText, IEnumerable{double}, LabScale)"/>
    /// <param name="name">Short name in lower case with hyphens, alike in all runs.</param>
    /// <param name="label">What it is.</param>
    /// <param name="value">Its value.</param>
    public LabFigure Measure(string name, LabText label, double value) => Measure(name, label, [value]);

    /// <summary>States what must be true of a figure if the claim holds.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="relation">On which side of the threshold it must lie.</param>
    /// <param name="threshold">The threshold: a named constant of the lab, fixed before its first full run.</param>
    /// <param name="isEssential">Whether the claim does not hold at all without it; default false: the claim holds in part.</param>
    public void Expect(LabFigure figure, LabRelation relation, double threshold, bool isEssential = false)
    {
        ArgumentNullException.ThrowIfNull(figure);
        _criteria.Add(new LabCriterion(figure.Name, relation, threshold, isEssential, figure.Judge(relation, threshold)));
    }

    /// <summary>Hands over a picture.</summary>
    /// <param name="picture">The picture.</param>
    public void Draw(LabPicture picture) => _pictures.Add(picture);

    /// <summary>Divides a source; a validation set may be larger than the training set, of which a share is then left out.</summary>
    private static DataSplit Divide(DataSource source, int training, int validation, ulong seed)
    {
        int all = Math.Max(training, validation) + validation;
        DataSplit split = source.Split(new SplitOptions
        {
            Seed = seed,
            Limit = all,
            ValidationFraction = validation / (double)all,
            TestFraction = 0,
            UseSeparateTest = false,
        });
        return split.Training.Data.Count <= training ? split
            : split with { Training = new TrainingSet(First(split.Training.Data, training)) };
    }

    /// <summary>The first samples of data with classes.</summary>
    private static Dataset First(Dataset data, int count)
    {
        int[] rows = [.. Enumerable.Range(0, count)], labels = new int[count];
        float[] features = new float[count * data.FeatureWidth];
        data.Gather<float>(rows, features);
        data.GatherLabels(rows, labels);
        return Dataset.ForClassification(features, data.FeatureShape, labels, data.ClassNames);
    }

    /// <summary>The result so far.</summary>
    internal LabResult Result() => new()
    {
        Lab = _lab.Name,
        Mode = Mode,
        Seeds = Seeds.Count,
        Settings = _lab.Options.ToDictionary(option => option.Name, option => Option(option.Name)),
        Verdict = LabCriterion.Conclude(_criteria),
        Figures = _figures,
        Criteria = _criteria,
        Pictures = _pictures,
        Updates = Updates,
    };
}

/// <summary>A data set that a lab divides by seed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Split">Divides it.</param>
public sealed record LabData(string Name, Func<ulong, DataSplit> Split);
