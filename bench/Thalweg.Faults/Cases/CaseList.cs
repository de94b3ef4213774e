using Thalweg.Data;
using Thalweg.Runs;

namespace Thalweg.Faults;

/// <summary>Collects the cases of the suite.</summary>
/// <param name="problems">What faults are planted into.</param>
internal sealed class CaseList(ProblemSet problems)
{
    private readonly List<FaultCase> _cases = [];

    /// <summary>The problems.</summary>
    public ProblemSet Problems => problems;

    /// <summary>The cases so far.</summary>
    public IReadOnlyList<FaultCase> Cases => _cases;

    /// <summary>Begins the cases of a cause.</summary>
    /// <param name="cause">Its id.</param>
    /// <param name="accepted">Ids of its true consequences, and of other names of it, with blanks between.</param>
    /// <param name="symptom">How it shows.</param>
    public CauseCases Cause(string cause, string accepted, Symptom symptom = Symptom.Metric) =>
        new(this, cause, accepted.Split(' ', StringSplitOptions.RemoveEmptyEntries), symptom);

    /// <summary>Adds a case.</summary>
    public void Add(FaultCase item) => _cases.Add(item);

    /// <summary>All cases of the suite.</summary>
    /// <param name="folder">Folder of real data; null for drawn data alone.</param>
    public static IReadOnlyList<FaultCase> All(string? folder = null)
    {
        CaseList list = new(new ProblemSet(folder));
        StartCases.Add(list);
        GradientCases.Add(list);
        RateCases.Add(list);
        LandscapeCases.Add(list);
        OptimizerCases.Add(list);
        NormalizationCases.Add(list);
        RegularizationCases.Add(list);
        CapacityCases.Add(list);
        DataCases.Add(list);
        LabelCases.Add(list);
        OutputCases.Add(list);
        ProcessCases.Add(list);
        return list.Cases;
    }
}

/// <summary>The cases of a cause.</summary>
internal sealed class CauseCases(CaseList list, string cause, string[] accepted, Symptom symptom)
{
    private int _calibration, _scored;

    /// <summary>The problems of this suite.</summary>
    public ProblemSet Problems => list.Problems;

    /// <summary>Adds a case whose fault a recipe says.</summary>
    /// <param name="problem">The problem; null, where real data are not there, adds nothing.</param>
    /// <param name="fault">What the fault changes, as <see cref="Change"/> reads it.</param>
    /// <param name="twin">What is changed in the healthy twin and the faulty one; default nothing.</param>
    public CauseCases On(Problem? problem, string fault, string twin = "") =>
        problem is null ? this : Add(problem, Change.Apply(problem.Setup, twin), setup => Change.Apply(setup, fault));

    /// <summary>Adds a case whose healthy twin differs by itself.</summary>
    public CauseCases Against(Problem? problem, string fault, string healthy) =>
        problem is null ? this : Add(problem, Change.Apply(problem.Setup, healthy), _ => Change.Apply(problem.Setup, fault));

    /// <summary>Adds a case whose fault is code.</summary>
    public CauseCases On(Problem? problem, Func<Setup, Setup> fault, string twin = "") =>
        problem is null ? this : Add(problem, Change.Apply(problem.Setup, twin), fault);

    /// <summary>Adds a case of two setups.</summary>
    public CauseCases Pair(Problem? problem, Func<Setup, Setup> healthy, Func<Setup, Setup> fault) =>
        problem is null ? this : Add(problem, healthy(problem.Setup), _ => fault(problem.Setup));

    /// <summary>Adds the same fault for a dense, a convolutional and a recurrent network of each half, and for real data.</summary>
    public CauseCases Everywhere(string fault, string twin = "") =>
        On(Problems.Moons, fault, twin).On(Problems.Bars, fault, twin).On(Problems.Sums, fault, twin).On(Problems.Digits, fault, twin)
            .On(Problems.Spirals, fault, twin).On(Problems.Blots, fault, twin).On(Problems.Orders, fault, twin).On(Problems.Mnist, fault, twin);

    private CauseCases Add(Problem problem, Setup twin, Func<Setup, Setup> fault)
    {
        ulong seed = problem.Half == Half.Calibration ? (ulong)((2 * _calibration++) + 1) : (ulong)((2 * _scored++) + 2);
        Setup healthy = twin.WithSeed(seed);
        list.Add(new FaultCase($"{cause}/{problem.Name}-{seed}", cause, problem.Half, healthy, fault(twin).WithSeed(seed))
        {
            Accepted = accepted.ToHashSet(),
            Symptom = symptom,
            Kind = problem.Kind,
        });
        return this;
    }
}

/// <summary>Faults that are planted into data or networks by code.</summary>
internal static class Plant
{
    /// <summary>The setup with changed samples.</summary>
    /// <param name="setup">The setup.</param>
    /// <param name="both">Changes the samples of each part; null for no change.</param>
    /// <param name="training">Changes the training samples alone; null for no change.</param>
    public static Setup Data(Setup setup, Func<Samples, Samples>? both, Func<Samples, Samples>? training = null) => setup with
    {
        Data = seed =>
        {
            DataSplit split = setup.WithSeed(seed).Open().Split;
            Samples fit = Change(Samples.Of(split.Training.Data)), judged = Change(Samples.Of(split.Validation.Data));
            Dataset data = (training?.Invoke(fit) ?? fit).ToDataset();
            return RunData.Of(new DataSplit(
                Preprocessing.Of(data), new TrainingSet(data), new ValidationSet(judged.ToDataset()), Test: null, Notes: []));

            Samples Change(Samples samples) => both?.Invoke(samples) ?? samples;
        },
    };

    /// <summary>The setup with a network made in code.</summary>
    public static Setup Network(Setup setup, Func<ulong, NetworkFactory> network) => setup with
    {
        Network = network,
        Recipe = setup.Recipe with { Network = new NetworkRecipe { Layers = NetworkRecipe.Custom } },
    };

    /// <summary>The setup with other sequences.</summary>
    public static Setup Sequences(Setup setup, Func<Samples> draw, double validation = 0.3, Func<Samples, Samples>? training = null) =>
        setup with { Data = seed => draw().Divide(seed, validation, training) };
}
