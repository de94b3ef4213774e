using System.IO.Compression;
using System.Reflection;
using System.Text;

namespace Thalweg.Labs.Playground;

/// <summary>The playground as one file, with runtime and libraries inside: it opens from the disk.</summary>
internal static class PlaygroundPage
{
    private const string Prefix = "browser/";

    private static Assembly Assembly => typeof(PlaygroundPage).Assembly;

    /// <summary>Whether this build contains the libraries for browsers.</summary>
    public static bool IsBuilt => Assembly.GetManifestResourceNames().Contains($"{Prefix}dotnet.js");

    /// <summary>The page.</summary>
    public static string Make()
    {
        StringBuilder files = new();
        foreach (string resource in Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            files.Append($"<script type=\"text/plain\" data-file=\"{resource[Prefix.Length..]}\">{Pack(resource)}</script>\n");
        }

        return Text("playground.html")
            .Replace("/*style*/", Text("labs.css") + Text("playground.css"), StringComparison.Ordinal)
            .Replace("/*script*/", Text("playground.js"), StringComparison.Ordinal)
            .Replace("<!--files-->", files.ToString(), StringComparison.Ordinal);
    }

    private static string Text(string name)
    {
        using StreamReader reader = new(Assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>A file, compressed, as base 64.</summary>
    private static string Pack(string resource)
    {
        using MemoryStream packed = new();
        using (GZipStream zip = new(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        using (Stream stream = Assembly.GetManifestResourceStream(resource)!)
            stream.CopyTo(zip);
        return Convert.ToBase64String(packed.GetBuffer(), 0, (int)packed.Length);
    }
}
