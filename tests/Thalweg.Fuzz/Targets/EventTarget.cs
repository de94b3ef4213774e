using System.Text;
using Thalweg.Fuzz.Mutation;
using Thalweg.Runs;

namespace Thalweg.Fuzz.Targets;

/// <summary>Events of runs, a JSON value a line.</summary>
internal sealed class EventTarget() : FuzzTarget("events")
{
    private static readonly byte[][] s_words =
        Words("{\"event\":\"custom\"}\n", "\n", "\n\n", "{}\n", "[]\n", "null\n", "\"event\":", "\"epoch\":", "\"time\":\"0001-01-01\"", "NaN", "{\"a\":[", "\r\n");

    private string[] _lines = [];

    /// <inheritdoc/>
    public override void Prepare(string folder)
    {
        Recipe recipe = SmallRuns.Recipes(folder).First();
        string run = Path.Combine(folder, "run");
        Run.Start(recipe, new RunOptions { Folder = run });
        using (EventLog log = EventLog.Open(run))
        {
            log.Write(new RunEvent.Warning("a \"quoted\"\nwarning"));
            log.Write(new RunEvent.Custom("doctor.finding", 3, """{"a":[1,null],"time":"never"}"""));
        }

        _lines = File.ReadAllLines(Path.Combine(run, EventLog.FileName));
    }

    /// <inheritdoc/>
    public override FuzzInput Make(Draws draws)
    {
        string[] lines = [.. _lines];
        if (draws.OneIn(2))
        {
            int line = draws.Below(lines.Length);
            lines[line] = JsonMutator.Mutate(draws, lines[line], draws.Of(lines));
        }

        byte[] text = Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
        return new([(EventLog.FileName, draws.OneIn(2) ? ByteMutator.Mutate(draws, text, text, s_words) : text)], draws.Bits());
    }

    /// <inheritdoc/>
    public override void Read(string folder, FuzzInput input)
    {
        IReadOnlyList<RunEvent> events = EventLog.Read(folder);
        foreach (RunEvent item in events)
            _ = item.ToJson();
        using EventLog log = EventLog.Open(folder);
        log.Write(new RunEvent.Warning("after"));
    }
}
