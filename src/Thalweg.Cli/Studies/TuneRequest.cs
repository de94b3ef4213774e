using System.CommandLine;
using Thalweg.Cli.Options;
using Thalweg.Runs;
using Thalweg.Storage;
using Thalweg.Tuning;

namespace Thalweg.Cli.Studies;

/// <summary>The study that a command line means.</summary>
/// <param name="recipes">The options that give the recipe.</param>
/// <param name="options">The options that decide what is tried.</param>
/// <param name="parsed">The command line.</param>
internal sealed class TuneRequest(RecipeOptions recipes, TuneOptions options, ParseResult parsed)
{
    /// <summary>Folder of the study; empty until it is chosen.</summary>
    public required string Folder { get; set; }

    /// <summary>Where it is kept; null for a journal in the folder.</summary>
    public string? Storage { get; init; }

    /// <summary>Whether it is extended.</summary>
    public bool Extends { get; init; }

    /// <summary>Begins a study, or joins one of the same definition.</summary>
    public Study Begin()
    {
        Recipe recipe = recipes.Read(parsed);
        StudyDefinition definition = StudySetup.Define(recipe, options.Read(parsed, recipes.FileOf(parsed)));
        Folder = TuneFolder.ForNew(Folder.Length > 0 ? Folder : null, recipe);
        return Study.OpenOrCreate(StudyStorages.Make(Folder, Storage), definition);
    }

    /// <summary>Continues with a study.</summary>
    public Study Continue()
    {
        Study study = Study.Open(StudyStorages.Open(Folder));
        try
        {
            Continue(study, study.Definition);
            return study;
        }
        catch
        {
            study.Dispose();
            throw;
        }
    }

    private void Continue(Study study, StudyDefinition old)
    {
        if (!Extends)
        {
            StudySetup.CheckData(old);
            return;
        }

        StudyDefinition now = StudySetup.Define(old.Recipe!, options.Read(parsed, recipes.FileOf(parsed), old));
        study.Extend(now with { Recipe = old.Recipe, Starts = now.Starts.Count >= old.Starts.Count ? now.Starts : old.Starts });
    }
}
