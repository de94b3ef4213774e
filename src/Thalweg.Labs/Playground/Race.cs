using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Labs.Playground;

/// <summary>Runs optimizers on a surface.</summary>
internal static class Race
{
    /// <summary>Values past this count as divergence.</summary>
    public const double Far = 1e12;

    /// <summary>Runs all optimizers of a race; one that cannot run says why, and stops no other.</summary>
    public static RaceAnswer Run(RaceRequest request)
    {
        Surface surface = request.Ground.Open();
        return new([.. request.Racers.Select(racer => Run(surface, request.Ground, racer))]);
    }

    /// <summary>The way of one optimizer.</summary>
    public static RacePath Run(Surface surface, Ground ground, Racer racer)
    {
        List<double> x = [ground.X], y = [ground.Y], values = [], rates = [];
        RacePath path = new(racer.Text, x, y, values, rates);
        try
        {
            values.Add(surface.Value(ground.X, ground.Y, stackalloc double[2]));
            Follow(surface, ground, ChainText.Parse(racer.Text), (source, run) =>
            {
                double[] point = source.Point;
                double value = surface.Value(point[0], point[1], stackalloc double[2]);
                if (!(Math.Abs(value) < Far))
                {
                    path = path with { Diverged = true };
                    return false;
                }

                x.Add(point[0]);
                y.Add(point[1]);
                values.Add(value);
                rates.Add(double.IsFinite(run.LearningRate) ? run.LearningRate : 0);
                return true;
            });
        }
        catch (ThalwegException error)
        {
            path = path with { Error = error.Message };
        }

        return path;
    }

    /// <summary>Makes the updates of a race.</summary>
    /// <param name="surface">The surface.</param>
    /// <param name="ground">Start, steps and noise.</param>
    /// <param name="chain">The optimizer.</param>
    /// <param name="each">Takes the state after each update, and says whether to go on.</param>
    public static void Follow(Surface surface, Ground ground, Chain chain, Func<GroundSource, OptimizerRun, bool> each)
    {
        OptimizerRun run = new(chain, ParameterSegments.Single(2), DType.Float64);
        GroundSource source = new(surface, ground);
        for (; source.Step < ground.Steps; source.Step++)
        {
            if (!double.IsFinite(run.TakeGradient(source)))
                break;
            run.Step(source.Values, source.Gradients);
            if (!each(source, run))
                break;
        }
    }
}
