namespace Thalweg.Minimizers;

/// <summary>Halves the length until Armijo's condition holds.</summary>
internal sealed class BacktrackingSearch : ISearch
{
    private const double Share = 1e-4;
    private const int MaximumEvaluations = 25;

    public LinePoint Find(SearchLine line, double length)
    {
        for (int i = 0; i < MaximumEvaluations; i++)
        {
            LinePoint trial = line.At(length);
            if (line.FallsEnough(trial, Share) && double.IsFinite(trial.Value))
                return trial;

            length /= 2;
        }

        return line.Start;
    }
}
