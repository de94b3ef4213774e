using System.CommandLine;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg completion</c>: a script by which a shell completes commands, options and their values.</summary>
/// <remarks>The scripts ask the program itself, by the directive <c>[suggest:POSITION]</c> and the line as it stands.</remarks>
internal static class CompletionCommand
{
    private const string Bash = """
        _thalweg() {
            local IFS=$'\n' current="${COMP_WORDS[COMP_CWORD]}"
            COMPREPLY=($(compgen -W "$(thalweg "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2> /dev/null)" -- "$current"))
        }
        complete -o default -F _thalweg thalweg
        """;

    private const string Zsh = """
        #compdef thalweg
        _thalweg() {
            local -a choices
            choices=("${(@f)$(thalweg "[suggest:${CURSOR}]" "${BUFFER}" 2> /dev/null)}")
            [ -n "${choices[1]}" ] && compadd -- "${choices[@]}" || _files
        }
        if [ "${funcstack[1]}" = _thalweg ]; then _thalweg "$@"; else compdef _thalweg thalweg; fi
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName thalweg -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            thalweg "[suggest:$cursorPosition]" "$commandAst" 2> $null |
                Where-Object { $_ -like "$wordToComplete*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    private static readonly (string Shell, string Script)[] s_scripts = [("bash", Bash), ("zsh", Zsh), ("pwsh", PowerShell)];

    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        Argument<string> shell = new("shell")
        {
            HelpName = string.Join('|', s_scripts.Select(known => known.Shell)),
            Description = "Shell that the script is for",
        };
        string[] names = [.. s_scripts.Select(known => known.Shell)];
        shell.CompletionSources.Add(names);
        shell.Validators.Add(result =>
        {
            string given = result.Tokens[^1].Value;
            if (!names.Contains(given))
                result.AddError($"completion: expected {Runs.Names.OneOf(given, names)}, got '{given}'");
        });
        Command command = new("completion", "Prints a script that completes commands, options and values in a shell") { shell };
        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(shell)!;
            Console.Out.WriteLine(s_scripts.First(known => known.Shell == name).Script);
            return ExitCode.Success;
        });
        return command;
    }
}
