namespace Thalweg.Peers;

/// <summary>What the command line says.</summary>
internal sealed class Options
{
    /// <summary>What is said of the work when it is ready.</summary>
    public string Remark = "";

    public required string Case { get; init; }

    public int Threads { get; private set; } = 1;

    public int Steps { get; private set; } = 200;

    public int Rounds { get; private set; } = 7;

    public bool Serve { get; private set; }

    public bool Inference { get; private set; }

    public static Options Parse(string[] arguments)
    {
        int at = Array.IndexOf(arguments, "--case");
        Options options = new()
        {
            Case = at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : throw new ArgumentException("expected --case NAME, got none"),
        };
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--serve": options.Serve = true; break;
                case "--inference": options.Inference = true; break;
                case "--threads": options.Threads = Number(arguments, ++i); break;
                case "--steps": options.Steps = Number(arguments, ++i); break;
                case "--rounds": options.Rounds = Number(arguments, ++i); break;
                case "--case" or "--batch" or "--data": i++; break;
                default: throw new ArgumentException($"unknown option '{arguments[i]}'");
            }
        }

        return options;
    }

    private static int Number(string[] arguments, int at) =>
        at < arguments.Length && int.TryParse(arguments[at], out int number) && number > 0 ? number
            : throw new ArgumentException($"expected a number of 1 or more after {arguments[at - 1]}");
}
