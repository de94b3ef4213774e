namespace Thalweg.Cli.Options;

/// <summary>The options that say how rows are divided beside their shares.</summary>
internal static class SplitSettings
{
    /// <summary>Makes them in the order of help.</summary>
    public static IEnumerable<Setting> Make() =>
    [
        OptionFactory.Field(
            "--folds", "N", "data.split.folds",
            "Cross-validation: divide the rows that are no test data into so many folds, and train a run for each, which it validates"),
        OptionFactory.Field(
            "--repeats", "N", "data.split.repeats", "Divide into folds anew so many times [default: 1]"),
        OptionFactory.Field(
            "--fold", "K", "data.split.fold", "Train the run of this fold alone, from 1 [default: all]"),
        OptionFactory.Field(
            "--holdout-fold", "K", "data.split.holdout_fold",
            "Keep this fold out of training too, from 1: what a choice made by validation is judged on [default: none]"),
        OptionFactory.Field(
            "--repeat", "K", "data.split.repeat", "The repeat that --fold means, from 1 [default: 1]"),
        OptionFactory.Field(
            "--group", "COLUMN", "data.split.group",
            "Column whose rows of one value stay in one part, such as all visits of a patient; it is no feature"),
        OptionFactory.Field(
            "--time", "COLUMN", "data.split.time",
            "Column with the time of each row: training rows come before validation rows, test rows last"),
        OptionFactory.Field(
            "--gap", "N", "data.split.gap", "Rows left out between parts in order of time [default: 0]"),
        new SwitchSetting(
            OptionFactory.Switch(
                "--no-leakage-checks", "Do not look for rows that are in two parts, columns that number the rows or hold the target, and "
                + "time that runs backwards"),
            "data.skip_leakage_checks"),
    ];
}
