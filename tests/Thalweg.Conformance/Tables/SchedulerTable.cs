using Thalweg.Conformance.Golden;
using Thalweg.Schedules;

namespace Thalweg.Conformance.Tables;

/// <summary>Makes the schedules of a case: of the rate, and of the momentum where that is scheduled too.</summary>
internal delegate (Schedule Rate, Schedule? Momentum) SchedulerMaker(Options options, double rate);

/// <summary>Schedules by the names of the reference.</summary>
internal static class SchedulerTable
{
    private static readonly Dictionary<string, SchedulerMaker> s_all = new()
    {
        ["CosineAnnealingLR"] = Rate((o, rate) => new CosineSchedule(rate, o.Integer("T_max", 1)) { End = o.Number("eta_min", 0) }),
        ["LinearLR"] = Rate((o, rate) =>
            new LinearSchedule(rate * o.Number("start_factor", 1.0 / 3), o.Integer("total_iters", 5)) { End = rate * o.Number("end_factor", 1) }),
    };

    public static (Schedule Rate, Schedule? Momentum) Make(string name, Options options, double rate) =>
        s_all.TryGetValue(name, out SchedulerMaker? make) ? make(options, rate) : throw new UnsupportedException($"scheduler {name}");

    private static SchedulerMaker Rate(Func<Options, double, Schedule> make) => (options, rate) => (make(options, rate), null);
}
