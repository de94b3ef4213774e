using System.Runtime.InteropServices.JavaScript;
using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("browser")]

namespace Thalweg.Labs.Playground;

/// <summary>What the page calls.</summary>
internal static partial class Program
{
    /// <summary>Answers a request of the page; see <see cref="PlaygroundApi.Call"/>.</summary>
    [JSExport]
    internal static string Call(string name, string request) => PlaygroundApi.Call(name, request);

    // A browser has one thread for all of it.
    private static void Main() => Threads.Count = 1;
}
