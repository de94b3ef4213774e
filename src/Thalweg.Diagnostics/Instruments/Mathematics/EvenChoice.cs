namespace Thalweg.Diagnostics;

/// <summary>Goes through places chosen evenly from many: the i-th of n is floor(i length / n), without a division for each.</summary>
internal struct EvenChoice
{
    private readonly long _count, _step, _rest;
    private long _over;

    /// <param name="length">Places to choose from.</param>
    /// <param name="count">Places to choose, 1 or more.</param>
    public EvenChoice(long length, long count) => (_count, _step, _rest) = (count, length / count, length % count);

    /// <summary>The place.</summary>
    public long At { get; private set; }

    /// <summary>Goes to the next.</summary>
    public void Next()
    {
        At += _step;
        _over += _rest;
        if (_over >= _count)
        {
            _over -= _count;
            At++;
        }
    }
}
