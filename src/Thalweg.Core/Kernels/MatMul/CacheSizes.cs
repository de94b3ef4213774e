using System.Globalization;

namespace Thalweg.Kernels;

/// <summary>Sizes of the second and third cache in bytes, found once; usual ones where the system does not say.</summary>
/// <remarks>They decide how a product is computed and never how it is rounded, so that bits are the same on every machine.</remarks>
internal static class CacheSizes
{
    private const string Folder = "/sys/devices/system/cpu/cpu0/cache";
    private const long UsualSecond = 1L << 20, UsualThird = 32L << 20;

    /// <summary>Cache of one core.</summary>
    public static long Second { get; } = Find(Folder, 2, UsualSecond);

    /// <summary>Cache that cores share.</summary>
    public static long Third { get; } = Find(Folder, 3, UsualThird);

    /// <summary>Size of a cache that holds data.</summary>
    /// <param name="folder">Folder of the system's files, one folder for each cache.</param>
    /// <param name="level">Level, from 1.</param>
    /// <param name="usual">What to return where the files are missing or hold nothing of use.</param>
    internal static long Find(string folder, int level, long usual)
    {
        try
        {
            foreach (string cache in Directory.Exists(folder) ? Directory.GetDirectories(folder, "index*") : [])
            {
                if (Read(cache, "level") == level.ToString(CultureInfo.InvariantCulture) && Read(cache, "type") is "Data" or "Unified")
                    return Parse(Read(cache, "size")) ?? usual;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Sandboxes hide these files; the usual sizes cost some speed at most.
        }

        return usual;
    }

    /// <summary>Bytes of a text such as 1024K; null where it is none.</summary>
    private static long? Parse(string text)
    {
        int shift = text.EndsWith('K') ? 10 : text.EndsWith('M') ? 20 : 0;
        return long.TryParse(text.TrimEnd('K', 'M'), NumberStyles.None, CultureInfo.InvariantCulture, out long size) && size > 0
            ? size << shift
            : null;
    }

    private static string Read(string cache, string file) => File.ReadAllText(Path.Combine(cache, file)).Trim();
}
