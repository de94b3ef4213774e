namespace Thalweg.Minimizers;

/// <summary>Iterations of a descent with a search along its directions.</summary>
internal sealed class LineWalk(LineMinimizer settings, IDescent descent, int variables) : IWalk
{
    private readonly double[] _previous = new double[variables], _direction = new double[variables];
    private double _length, _lastFall;

    public MinimizerStatus? Iterate(Place place, Turn turn)
    {
        if (!turn.IsFirst)
        {
            Learn(place);
        }

        double slope = Direct(place);
        place.Gradient.CopyTo(_previous, 0);
        double before = place.Value;

        // Written so that a slope that is not a number stops too.
        if (!(slope <= -settings.ChangeTolerance) || slope == 0)
        {
            return MinimizerStatus.NoDescent;
        }

        _length = descent.FirstLength(new(turn.IsFirst, slope, _lastFall, place.Gradient)) * settings.LearningRate;
        if (!Move(place, slope, turn.IsLast))
        {
            return MinimizerStatus.IterationLimit;
        }

        _lastFall = before - place.Value;
        return _length == 0 && descent.Restart() ? null : Ended(place, before, turn.IsLast);
    }

    public void Exchange(RunArchive archive)
    {
        archive.Vector("previous_gradient", _previous);
        archive.Vector("direction", _direction);
        archive.Number("length", ref _length);
        archive.Number("last_fall", ref _lastFall);
        descent.Exchange(archive);
    }

    /// <summary>Hands the last step to the descent.</summary>
    private void Learn(Place place)
    {
        for (int i = 0; i < _previous.Length; i++)
        {
            _previous[i] = place.Gradient[i] - _previous[i];
            _direction[i] *= _length;
        }

        descent.Learn(_direction, _previous);
    }

    /// <summary>Takes a direction, a second time where what was learned misleads; its slope.</summary>
    private double Direct(Place place)
    {
        descent.Direct(place, _direction);
        double slope = VectorMath.Dot(place.Gradient, _direction);
        if (slope < 0 || !descent.Restart())
        {
            return slope;
        }

        descent.Direct(place, _direction);
        return VectorMath.Dot(place.Gradient, _direction);
    }

    /// <summary>Moves along the direction; whether value and gradient are those of the new point.</summary>
    private bool Move(Place place, double slope, bool isLast)
    {
        if (settings.Search.Kernel is not { } search)
        {
            VectorMath.Add(_length, _direction, place.Point);
            if (!isLast)
            {
                place.Value = place.Evaluator.At(place.Point, place.Gradient);
            }

            return !isLast;
        }

        SearchLine line = new(place, _direction, new LinePoint(0, place.Value, place.Gradient, slope), settings.SlopeShare);
        LinePoint found = search.Find(line, _length);
        _length = found.Length;
        VectorMath.Add(_length, _direction, place.Point);
        place.Value = found.Value;
        found.Gradient.CopyTo(place.Gradient, 0);
        return true;
    }

    /// <summary>Whether changes are too small to go on; where the gradient is small or no number, the run says so first.</summary>
    private MinimizerStatus? Ended(Place place, double before, bool isLast)
    {
        bool isJudged = VectorMath.Maximum(place.Gradient) <= settings.GradientTolerance || !double.IsFinite(place.Value) ||
            !VectorMath.IsFinite(place.Gradient);
        if (isJudged || isLast || place.Evaluator.Count >= settings.EvaluationLimit)
        {
            return null;
        }

        if (_length * VectorMath.Maximum(_direction) <= settings.ChangeTolerance)
        {
            return _length == 0 ? MinimizerStatus.NoLowerPoint : MinimizerStatus.StepSmall;
        }

        return Math.Abs(place.Value - before) < settings.ChangeTolerance ? MinimizerStatus.ValueSettled : null;
    }
}
