namespace Thalweg.Minimizers;

/// <summary>Iterations of a descent with a search along its directions.</summary>
internal sealed class LineSearchLoop(LineMinimizer settings, IDescent descent, int variables) : IMinimizerLoop
{
    private readonly double[] _previous = new double[variables], _direction = new double[variables];
    private double _length, _lastFall;

    public MinimizerStatus? Iterate(CurrentPoint current, IterationFlags turn)
    {
        if (!turn.IsFirst)
            Learn(current);

        double slope = Direct(current);
        current.Gradient.CopyTo(_previous, 0);
        double before = current.Value;

        // Written so that a slope that is not a number stops too.
        if (!(slope <= -settings.ChangeTolerance) || slope == 0)
            return MinimizerStatus.NoDescent;

        _length = descent.FirstLength(new(turn.IsFirst, slope, _lastFall, current.Gradient)) * settings.LearningRate;
        if (!Move(current, slope, turn.IsLast))
            return MinimizerStatus.IterationLimit;

        _lastFall = before - current.Value;
        return _length == 0 && descent.Restart() ? null : Ended(current, before, turn.IsLast);
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
    private void Learn(CurrentPoint current)
    {
        for (int i = 0; i < _previous.Length; i++)
        {
            _previous[i] = current.Gradient[i] - _previous[i];
            _direction[i] *= _length;
        }

        descent.Learn(_direction, _previous);
    }

    /// <summary>Takes a direction, a second time where what was learned misleads; its slope.</summary>
    private double Direct(CurrentPoint current)
    {
        descent.Direct(current, _direction);
        double slope = VectorMath.Dot(current.Gradient, _direction);
        if (slope < 0 || !descent.Restart())
            return slope;

        descent.Direct(current, _direction);
        return VectorMath.Dot(current.Gradient, _direction);
    }

    /// <summary>Moves along the direction; whether value and gradient are those of the new point.</summary>
    private bool Move(CurrentPoint current, double slope, bool isLast)
    {
        if (settings.Search.Kernel is not { } search)
        {
            VectorMath.Add(_length, _direction, current.Point);
            if (!isLast)
                current.Value = current.Evaluator.At(current.Point, current.Gradient);

            return !isLast;
        }

        SearchLine line = new(current, _direction, new LinePoint(0, current.Value, current.Gradient, slope), settings.SlopeShare);
        LinePoint found = search.Find(line, _length);
        _length = found.Length;
        VectorMath.Add(_length, _direction, current.Point);
        current.Value = found.Value;
        found.Gradient.CopyTo(current.Gradient, 0);
        return true;
    }

    /// <summary>Whether changes are too small to continue; where the gradient is small or no number, the run says so first.</summary>
    private MinimizerStatus? Ended(CurrentPoint current, double before, bool isLast)
    {
        bool isJudged = VectorMath.Maximum(current.Gradient) <= settings.GradientTolerance || !double.IsFinite(current.Value) ||
            !VectorMath.IsFinite(current.Gradient);
        if (isJudged || isLast || current.Evaluator.Count >= settings.EvaluationLimit)
            return null;

        if (_length * VectorMath.Maximum(_direction) <= settings.ChangeTolerance)
            return _length == 0 ? MinimizerStatus.NoLowerPoint : MinimizerStatus.StepSmall;

        return Math.Abs(current.Value - before) < settings.ChangeTolerance ? MinimizerStatus.ValueSettled : null;
    }
}
