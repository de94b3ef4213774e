namespace Thalweg;

/// <summary>An error with one clear line for the person who can fix it: what, where, expected, found, what to do.</summary>
/// <remarks>The command line prints the message and ends with exit code 2.</remarks>
public class ThalwegException : Exception
{
    /// <summary>Makes the error from its one line.</summary>
    /// <param name="message">One line: place, what was expected, what was found, what to do.</param>
    public ThalwegException(string message)
        : base(OneLine(message))
    {
    }

    /// <summary>Makes the error from its one line and the error below it.</summary>
    /// <param name="message">One line: place, what was expected, what was found, what to do.</param>
    /// <param name="inner">The cause.</param>
    public ThalwegException(string message, Exception inner)
        : base(OneLine(message), inner)
    {
    }

    /// <summary>The message with blanks for line breaks and other control characters: it may quote a file, which could write further lines,
    /// or commands to the terminal.</summary>
    private static string OneLine(string message)
    {
        if (message is null || !message.Any(IsBreak))
            return message!;
        return string.Create(message.Length, message, static (line, text) =>
        {
            for (int i = 0; i < text.Length; i++)
                line[i] = IsBreak(text[i]) ? ' ' : text[i];
        });
    }

    private static bool IsBreak(char letter) => char.IsControl(letter) || letter is '\u2028' or '\u2029';
}
