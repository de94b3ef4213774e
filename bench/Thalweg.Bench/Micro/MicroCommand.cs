using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace Thalweg.Bench.Micro;

/// <summary>`micro`: BenchmarkDotNet on single operations, in this process, so that nothing is built or restored for it.</summary>
internal static class MicroCommand
{
    public static Command Create()
    {
        Argument<string[]> filters = new("filter") { Description = "Patterns of benchmark names, as *Softmax*; all without one." };
        Command command = new("micro", "Times and allocations of single operations by BenchmarkDotNet.") { filters };
        command.SetAction(result =>
        {
            IConfig config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance));
            string[] wanted = result.GetValue(filters) is { Length: > 0 } given ? given : ["*"];
            BenchmarkSwitcher.FromTypes([typeof(OperationBenchmarks)]).Run(["--filter", .. wanted], config);
            return 0;
        });
        return command;
    }
}
