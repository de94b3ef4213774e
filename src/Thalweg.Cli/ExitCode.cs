namespace Thalweg.Cli;

/// <summary>What the command answers to the shell.</summary>
public static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>What was to be equal is not: see <c>thalweg verify-resume</c>.</summary>
    public const int Different = 1;

    /// <summary>The input or an option is bad; one line on the error output says what to do, and nothing was written. Also the end of a
    /// run with warnings under <c>--strict</c>, whose model is saved.</summary>
    public const int BadInput = 2;

    /// <summary>The loss became NaN or infinite; the last good weights are saved.</summary>
    public const int NonFinite = 3;

    /// <summary>An error of the program itself; THALWEG_DEBUG=1 shows where.</summary>
    public const int Internal = 70;

    /// <summary>Ended by Ctrl-C; the state of the run is saved.</summary>
    public const int Interrupted = 130;

    /// <summary>Ended by SIGTERM; the state of the run is saved.</summary>
    public const int Terminated = 143;
}
