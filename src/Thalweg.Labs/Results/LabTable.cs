using System.Text;

namespace Thalweg.Labs;

/// <summary>The recorded verdicts as a page of the documentation.</summary>
public static class LabTable
{
    /// <summary>The page in Markdown, with the table of quick mode and, where it is recorded, that of full mode.</summary>
    public static string Markdown()
    {
        StringBuilder text = new();
        text.Append("""
            # Labs: the claims of the sources, measured

            The five source documents of this project make claims about training deep networks. Each is an experiment here, a *lab*, that
            measures the claim and computes a verdict from counts and figures, never from seconds. This page is generated:
            `thalweg lab list --markdown`.

            ```
            thalweg lab list                     # all labs with their recorded verdicts
            thalweg lab run xavier he            # some of them
            thalweg lab all --quick              # all, from built-in data alone
            thalweg lab report --out labs        # a site: every claim with its pictures, opens from the disk
            ```

            `--full` takes larger networks and more steps, and with `--data-dir DIR` real data as well. `--set OPTION=TEXT` replaces what is
            under test, as in `--set initializer=orthogonal`. A verdict is `holds` where every criterion is met, `holds in part` where the
            essential ones are but others are not, `does not hold`, or `undecided` where it depends on an interval (95 %, over the seeds)
            that crosses its threshold. The command ends with exit code 1 where a verdict is not the recorded one. Results are kept in
            `runs/labs` until code, options or data change.

            A custom lab is a class that derives from `Lab`; `LabRunner` runs it, and `LabReport` writes its page beside the others. In
            `src/Thalweg.Labs/Labs` a new file is all that it takes. See [record 29](adr/0029-labs.md).

            ## The report

            `index.html` begins with the words that it takes as known and with eight questions; each opens into an answer, the figures
            that it rests on, and links to their labs. A test refuses an answer whose figures a lab has refuted. For a reader who knows
            calculus and nothing of deep learning, this is the path to three of them, each read through in less than two minutes:

            - *Which start for a deep tanh net?* First question. It says: a deviation of 1/√n for n inputs, Xavier's start; the table
              beside it gives the factor per layer, near 1 for Xavier, and what becomes of it from N(0, 1) and 0.01. `xavier` shows the
              histograms.
            - *Why does my loss jump?* Third question. It says: a rate above 2/λ, with λ the curvature, overshoots by more at each step;
              recurrent networks have cliffs besides. It says what to change; `rate-decay`, `ill-conditioning` and `cliffs` show each.
            - *What does momentum buy me?* Fourth question. It says: 1/(1 - a) of the speed where the gradient keeps its direction, no
              zigzag across a ravine, and little where the noise of small batches sets the pace. `random-walk` plays the paths.

            `sources.html` draws the pictures of the source documents again, beside the numbers that the documents give.
            `playground.html` is [the playground](playground.md), where the build has it.

            """.ReplaceLineEndings("\n"));
        foreach (LabMode mode in (LabMode[])[LabMode.Quick, LabMode.Full])
            Append(text, LabVerdicts.Recorded(mode));
        return text.ToString();
    }

    private static void Append(StringBuilder text, LabVerdicts verdicts)
    {
        if (verdicts.Labs.Count == 0)
            return;
        text.Append('\n').Append(verdicts.Mode == LabMode.Quick ? "## Quick mode\n" : "## Full mode\n").Append('\n');
        if (verdicts.Labs.Count < LabCatalogue.All.Count)
            text.Append($"Recorded for {verdicts.Labs.Count} of {LabCatalogue.All.Count} labs. ");
        text.Append(string.Join(", ", verdicts.Labs.GroupBy(lab => lab.Verdict).OrderBy(group => group.Key)
            .Select(group => $"{group.Count()} {LabWords.Of(group.Key).English}"))).Append(".\n\n");
        text.Append("| lab | claim | verdict | figures against their thresholds |\n|---|---|---|---|\n");
        foreach (RecordedVerdict verdict in verdicts.Labs)
        {
            Lab lab = LabCatalogue.Of(verdict.Lab);
            string criteria = string.Join("; ", verdict.Criteria.Select(criterion =>
                $"{criterion.Figure} {LabWords.Interval(criterion.Mean, criterion.Low, criterion.High)} "
                + $"{LabWords.Sign(criterion.Relation)} {LabWords.Number(criterion.Threshold)}"
                + (criterion.Outcome == LabOutcome.Holds ? "" : $" ({LabWords.Of(criterion.Outcome).English})")));
            text.Append($"| {lab.Name} | {lab.Claim.Statement.English} | **{LabWords.Of(verdict.Verdict).English}** | {criteria} |\n");
        }
    }
}
