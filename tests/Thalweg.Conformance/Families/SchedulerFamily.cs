using Thalweg.Conformance.Golden;
using Thalweg.Conformance.Tables;
using Thalweg.Schedules;

namespace Thalweg.Conformance.Families;

/// <summary>Schedules: the rate, and the momentum where it cycles, after each number of steps.</summary>
internal sealed class SchedulerFamily : IFamily
{
    public void Check(GoldenCase golden, Comparison comparison)
    {
        (Schedule rate, Schedule? momentum) = SchedulerTable.Make(golden.Text("scheduler"), golden.Options, golden["base_lr"].GetDouble());
        golden.Options.RefuseUnread();
        Compare("lr", rate, golden.Numbers("lr"), comparison);
        if (golden.Has("momentum"))
        {
            double[] expected = golden.Numbers("momentum");
            if (momentum is null)
            {
                comparison.Add("momentum", Enumerable.Repeat(golden["base_momentum"].GetDouble(), expected.Length).ToArray(), expected);
            }
            else
            {
                Compare("momentum", momentum, expected, comparison);
            }
        }
    }

    private static void Compare(string what, Schedule schedule, double[] expected, Comparison comparison)
    {
        for (int step = 0; step < expected.Length; step++)
        {
            comparison.Add($"{what}[{step}]", schedule.At(step), expected[step]);
        }
    }
}
