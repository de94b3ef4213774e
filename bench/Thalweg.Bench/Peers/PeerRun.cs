using Thalweg.Bench.Bounds;

namespace Thalweg.Bench.Peers;

/// <summary>One comparison: training steps, or forward passes.</summary>
/// <param name="request">What is to be compared.</param>
internal sealed class PeerRun(PeerRequest request)
{
    private const int StepsOfPeerAlone = 300, LeastCalls = 20, AllocationCalls = 200;
    private const double CallsSeconds = 0.2;

    /// <summary>Compares training steps.</summary>
    /// <returns>The exit code.</returns>
    public int Train()
    {
        IPeerCase ours = PeerCases.All.TryGetValue(request.Name, out Func<PeerOptions, IPeerCase>? create)
            ? create(request.Options)
            : throw Unknown("case", PeerCases.All.Keys);
        using PeerField field = new();
        field.Start(PeerProgram.FindAll(Console.Out), request.Threads, ["--case", request.Name, .. request.Options.Arguments()], load: null);
        PeerDescription.CheckAgreement(field.Descriptions);
        int steps = Math.Max(1, request.Steps ?? (request.PeerOnly ? StepsOfPeerAlone : ours.StepsPerRound));
        if (!request.PeerOnly)
        {
            ours.Prepare();
            Stopclock.WarmUp(count => ours.SecondsPerStep(count), ours.StepsPerRound);
        }

        return Compare(field, new Contest(request.Name, ours.SecondsPerStep, ours.Work, steps)).ExitCode;
    }

    /// <summary>Compares forward passes of each number of rows.</summary>
    /// <returns>The exit code.</returns>
    public int Infer()
    {
        if (!InferenceCase.Names.Contains(request.Name))
            throw Unknown("network", InferenceCase.Names);

        NetworkCase work = (NetworkCase)PeerCases.All[request.Name](request.Options);
        using PeerField field = new();
        bool isStarted = false;
        List<PeerVerdict> verdicts = [];
        foreach (int batch in InferenceCase.Batches)
        {
            string load = $"{batch}";
            if (isStarted)
                field.Reload(load);
            else
                field.Start(PeerProgram.FindAll(Console.Out), request.Threads, ["--inference", "--case", request.Name], load);
            isStarted = true;
            InferenceCase ours = new(work, batch);
            Stopclock.WarmUp(count => ours.SecondsPerCall(count), LeastCalls);
            int calls = request.Steps ?? Math.Max(LeastCalls, (int)(CallsSeconds / ours.SecondsPerCall(LeastCalls)));
            verdicts.Add(Compare(field, new Contest($"{request.Name}, forward, batch {batch}", ours.SecondsPerCall, ours.Work, calls)));
            if (!request.PeerOnly)
                PrintAllocations(ours);
        }

        PeerVerdict least = verdicts.MinBy(verdict => verdict.Ratio)!;
        Console.WriteLine(least);
        return least.ExitCode;
    }

    private static void PrintAllocations(InferenceCase ours)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        ours.SecondsPerCall(AllocationCalls);
        Console.WriteLine($"managed bytes over {AllocationCalls} calls: {GC.GetTotalAllocatedBytes(precise: true) - before}");
    }

    private PeerVerdict Compare(PeerField field, Contest contest)
    {
        PeerComparison comparison = new();
        if (!request.PeerOnly)
            comparison.Add($"thalweg, {Threads.Count} threads", contest.Ours);
        field.AddTo(comparison, contest.Steps);
        comparison.Run(contest.Steps, request.Rounds);
        Console.WriteLine($"{contest.Name}: {request.Rounds} rounds in turn, ours of {contest.Steps} steps");
        comparison.Print(Console.Out);
        if (request.PeerOnly)
            return PeerVerdict.Of(field.Results, double.NaN, allowOlder: true);

        double seconds = comparison.Medians()[0];
        Bound? bound = contest.Work is { } work ? Bound.Measure(work, count => contest.Ours(count)) : null;
        if (bound is not null)
            Console.WriteLine(bound.Describe(seconds));
        PeerVerdict verdict = PeerVerdict.Of(field.Results, seconds, request.AllowOlder);
        if (request.WithRows)
            Console.WriteLine(PeerTable.RowOf(contest.Name, verdict, seconds, bound));
        Console.WriteLine(verdict);
        return verdict;
    }

    private ThalwegException Unknown(string what, IEnumerable<string> known) =>
        new($"[peer] unknown {what} '{request.Name}'; expected one of: {string.Join(", ", known)}");

    /// <summary>Ours in a comparison.</summary>
    private sealed record Contest(string Name, Func<int, double> Ours, StepWork? Work, int Steps);
}
