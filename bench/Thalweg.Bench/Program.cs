using System.CommandLine;
using Thalweg.Bench;
using Thalweg.Bench.Accuracy;
using Thalweg.Bench.Instruments;
using Thalweg.Bench.Micro;
using Thalweg.Bench.Minimizers;
using Thalweg.Bench.Peers;
using Thalweg.Bench.SampleGradients;
using Thalweg.Bench.Updates;

// One line per command; each is a static factory in a file of its own.
Func<Command>[] commands =
[
    LimitsCommand.Create,
    UlpCommand.Create,
    TeamCommand.Create,
    MatMulCommand.Create,
    ConvolutionCommand.Create,
    MinimizersCommand.Create,
    PeerCommand.Create,
    QuadraticCommand.Create,
    QuadraticDeepCommand.Create,
    StepCommand.Create,
    UpdateCommand.Create,
    SampleGradientsCommand.Create,
    InstrumentsCommand.Create,
    MicroCommand.Create,
    BitsCommand.Create,
    StartupCommand.Create,
    ReadingCommand.Create,
    MemoryCommand.Create,
    CheckpointCommand.Create,
    CostCommand.Create,
    RunsCommand.Create,
    AccuracyCommand.Create,
    AllCommand.Create,
];

RootCommand root = new("Benchmarks of Thalweg. Figures are medians of several interleaved runs; compare only figures of one run.");
foreach (Func<Command> create in commands)
    root.Subcommands.Add(create());
return root.Parse(args).Invoke();
