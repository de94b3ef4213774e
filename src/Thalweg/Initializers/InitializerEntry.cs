namespace Thalweg.Initializers;

/// <summary>What there is to know of an initializer by name.</summary>
/// <param name="Name">Name in texts.</param>
/// <param name="Parameters">Its parameters in their order, each with its default: <c>gain=1</c>.</param>
/// <param name="Formula">The law it draws from.</param>
/// <param name="Source">Publication, with the number of the equation where there is one.</param>
/// <param name="Use">When to use it.</param>
public sealed record InitializerEntry(string Name, IReadOnlyList<string> Parameters, string Formula, string Source, string Use)
{
    /// <summary>Reads the arguments and makes the initializer.</summary>
    internal Func<InitializerText, Initializer> Make { get; init; } =
        static _ => throw new ThalwegException(
            "[initializer] expected an entry of the catalogue, got one made by hand; take it from Initializer.Catalogue");

    /// <summary>Names of the parameters.</summary>
    internal IReadOnlyList<string> ParameterNames => [.. Parameters.Select(parameter => parameter[..parameter.IndexOf('=')])];
}
