namespace Thalweg.Initializers;

/// <summary>Fills every element; both element types see the same draws.</summary>
internal static class Each
{
    public static void Set(Tensor target, double value)
    {
        for (long i = 0; i < target.Length; i++)
        {
            target.Write(i, value);
        }
    }

    public static void Normal(Tensor target, double mean, double deviation, ref RandomStream stream)
    {
        for (long i = 0; i < target.Length; i++)
        {
            target.Write(i, mean + (deviation * stream.NextNormal()));
        }
    }

    public static void Uniform(Tensor target, double low, double high, ref RandomStream stream)
    {
        for (long i = 0; i < target.Length; i++)
        {
            target.Write(i, stream.NextDouble(low, high));
        }
    }
}
