using System.CommandLine;
using Thalweg.Checkpoints;
using Thalweg.Models;

namespace Thalweg.Cli.Options;

/// <summary>The option that names a model.</summary>
internal static class ModelOption
{
    /// <summary>Makes the option.</summary>
    public static Option<string?> Make()
    {
        Option<string?> option = OptionFactory.Text("--model", "FILE|DIR", "Model file, or the folder of a run");
        option.Required = true;
        return option;
    }

    /// <summary>Loads the model.</summary>
    /// <param name="path">The file, or a folder that holds model.safetensors.</param>
    /// <exception cref="ThalwegException">The file is missing, damaged, altered or no model.</exception>
    public static TrainedModel Load(string path) => TrainedModel.Load(FileOf(path));

    /// <summary>The model file that a path means.</summary>
    /// <param name="path">The file, or a folder that holds model.safetensors.</param>
    /// <exception cref="ThalwegException">There is none.</exception>
    public static string FileOf(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, ModelFile.FileName) : path;
        return File.Exists(file)
            ? file
            : throw new ThalwegException($"{file}: there is no such model; give a file that thalweg train saved, or the folder of a run");
    }
}
