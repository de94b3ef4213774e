using System.CommandLine;
using System.Text.Json.Nodes;

namespace Thalweg.Tuning.Bench;

/// <summary>`serve`: the problems for programs in other languages, over standard input and output.</summary>
/// <remarks>The first line says what the problems are. Each line of input is a problem, a blank, and a point; the answer is its value.</remarks>
internal static class ServeCommand
{
    public static Command Create()
    {
        Option<string?> tables = Options.Tables();
        Command command = new("serve", "Evaluates problems for another program: a line 'NAME POINT' in, a number out.") { tables };
        command.SetAction(result => Run(ProblemSet.All(result.GetValue(tables))));
        return command;
    }

    private static int Run(IReadOnlyList<Problem> problems)
    {
        Console.WriteLine(new JsonArray([.. problems.Select(Describe)]).ToJsonString());
        Dictionary<string, Problem> byName = problems.ToDictionary(problem => problem.Name);
        while (Console.ReadLine() is { } line)
        {
            string[] parts = line.Split(' ', 2);
            TrialPoint point = TrialPoint.Parse(parts[1]);
            Problem problem = byName[parts[0]];
            problem.Space.Check(point);
            Console.WriteLine(SettingsText.Number(problem.Value(point)));
        }

        return 0;
    }

    private static JsonNode Describe(Problem problem) => new JsonObject
    {
        ["name"] = problem.Name,
        ["parameters"] = new JsonArray([.. problem.Space.Select(Describe)]),
    };

    private static JsonNode Describe(SearchParameter parameter)
    {
        SettingsNode node = Settings.Write(parameter.Distribution);
        return new JsonObject
        {
            ["path"] = parameter.Path,
            ["kind"] = node.Name,
            ["values"] = new JsonArray([.. node.Arguments.Select(argument => (JsonNode)argument.Value.Name)]),
            ["when"] = new JsonArray([.. (parameter.When?.Comparisons ?? []).Select(comparison => (JsonNode)new JsonObject
            {
                ["path"] = comparison.Path,
                ["operator"] = $"{comparison.Operator}",
                ["values"] = new JsonArray([.. comparison.Values.Select(value => (JsonNode)value)]),
            })]),
        };
    }
}
