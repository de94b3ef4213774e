using System.Text;
using Thalweg.Data;
using Thalweg.Fuzz.Mutation;
using Thalweg.Runs;

namespace Thalweg.Fuzz.Targets;

/// <summary>Records of runs and of readings of test data.</summary>
internal sealed class RecordTarget() : FuzzTarget("record")
{
    private static readonly byte[][] s_words = Words("\"settings\":", "\"epochs\":", "null", "[", "{", "\"NaN\"", "\"status\":", "\"formatVersion\":2");

    private string _record = "", _reads = "";

    /// <inheritdoc/>
    public override void Prepare(string folder)
    {
        string run = Path.Combine(folder, "run");
        Run.Start(SmallRuns.Recipes(folder).First(), new RunOptions { Folder = run });
        TestReadLog.Record(run, new TestRead(1, "fuzz", DateTimeOffset.UnixEpoch));
        _record = File.ReadAllText(Path.Combine(run, RunRecord.FileName));
        _reads = File.ReadAllText(Path.Combine(run, TestReadLog.FileName));
    }

    /// <inheritdoc/>
    public override FuzzInput Make(Draws draws)
    {
        bool isRecord = !draws.OneIn(4);
        string text = isRecord ? _record : _reads;
        byte[] bytes = Encoding.UTF8.GetBytes(draws.OneIn(4) ? text : JsonMutator.Mutate(draws, text, _record));
        bytes = draws.OneIn(3) ? ByteMutator.Mutate(draws, bytes, bytes, s_words) : bytes;
        return new([(isRecord ? RunRecord.FileName : TestReadLog.FileName, bytes)], draws.Bits());
    }

    /// <inheritdoc/>
    public override void Read(string folder, FuzzInput input)
    {
        if (input.Files[0].Name == TestReadLog.FileName)
            _ = TestReadLog.Load(folder);
        else
            _ = RunRecord.Load(folder).Settings.ToYaml();
    }
}
