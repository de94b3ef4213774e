namespace Thalweg;

/// <summary>What a stream of random numbers is for: streams of different purposes never meet.</summary>
public enum RandomPurpose
{
    /// <summary>Initial weights; the index counts parameters.</summary>
    Initialization = 1,

    /// <summary>Order of the training samples; the index is the epoch.</summary>
    Shuffle = 2,

    /// <summary>Dropout masks; the index mixes layer and step.</summary>
    Dropout = 3,

    /// <summary>Split into training, validation and test data.</summary>
    Split = 4,

    /// <summary>Generated data sets; the index counts samples.</summary>
    Data = 5,

    /// <summary>Anything of the user's own.</summary>
    User = 6,

    /// <summary>Noise added to gradients; the index is the step.</summary>
    GradientNoise = 7,

    /// <summary>Inputs set to 0 for a denoising autoencoder; the index mixes layer and pass.</summary>
    Corruption = 8,

    /// <summary>Samples drawn with replacement for intervals; the index counts draws.</summary>
    Bootstrap = 9,

    /// <summary>Regularizers; the index mixes their place in the list and the step.</summary>
    Regularization = 16,

    /// <summary>Vectors and targets that estimate curvature; the index mixes step and chunk of the batch.</summary>
    Curvature = 17,

    /// <summary>Trials of a study; the index is the number of the trial, or of a parameter.</summary>
    Search = 18,

    /// <summary>Vectors of instruments; the index mixes step and number of the vector.</summary>
    Instruments = 19,
}

/// <summary>A stream of random numbers named by (seed, purpose, index): the same name gives the same numbers, always and
/// anywhere.</summary>
/// <remarks>A mutable struct that counts its position; copy it to branch. Uses <see cref="Philox"/>: the key is the seed, the high counter
/// word holds purpose and index, the low word the position.</remarks>
public struct RandomStream
{
    private readonly ulong _key, _high;
    private ulong _position;
    private uint _b, _c, _d;
    private int _left;

    /// <summary>Names a stream.</summary>
    /// <param name="seed">The seed of the run; any value.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="index">Which stream of that purpose: epoch, parameter, sample; below 2^56.</param>
    public RandomStream(ulong seed, RandomPurpose purpose, ulong index = 0)
    {
        _key = seed;
        _high = ((ulong)purpose << 56) | (index & 0x00FF_FFFF_FFFF_FFFF);
    }

    /// <summary>The key of the stream for <see cref="Philox.Block"/>.</summary>
    public readonly ulong Key => _key;

    /// <summary>The high counter word of the stream for <see cref="Philox.Block"/>.</summary>
    public readonly ulong High => _high;

    /// <summary>The next 32 uniform bits.</summary>
    public uint NextUInt32()
    {
        switch (_left)
        {
            case 3: _left = 2; return _b;
            case 2: _left = 1; return _c;
            case 1: _left = 0; return _d;
            default:
                (uint a, _b, _c, _d) = Philox.Block(_key, _position++, _high);
                _left = 3;
                return a;
        }
    }

    /// <summary>The next 64 uniform bits.</summary>
    public ulong NextUInt64() => ((ulong)NextUInt32() << 32) | NextUInt32();

    /// <summary>Uniform in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double NextDouble(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Uniform integer in [0, <paramref name="bound"/>), without bias.</summary>
    /// <param name="bound">Number of values, at least 1.</param>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);

        // Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019: reject the few products that would bias.
        ulong product = (ulong)NextUInt32() * (uint)bound;
        uint low = (uint)product;
        if (low < (uint)bound)
        {
            uint threshold = (uint)-bound % (uint)bound;
            while (low < threshold)
            {
                product = (ulong)NextUInt32() * (uint)bound;
                low = (uint)product;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>Standard normal, by the Box-Muller transform (one of the pair).</summary>
    public double NextNormal()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>Random permutation in place (Fisher-Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
