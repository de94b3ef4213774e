namespace Thalweg;

/// <summary>An error with one clear line for the person who can fix it: what, where, expected, found, what to do.</summary>
/// <remarks>The command line prints the message and ends with exit code 2.</remarks>
public class ThalwegException : Exception
{
    /// <summary>Makes the error from its one line.</summary>
    /// <param name="message">One line: place, what was expected, what was found, what to do.</param>
    public ThalwegException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the error from its one line and the error below it.</summary>
    /// <param name="message">One line: place, what was expected, what was found, what to do.</param>
    /// <param name="inner">The cause.</param>
    public ThalwegException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
