using System.Globalization;

namespace Thalweg.Data;

/// <summary>One piece of a pen's way, from one point to the next, in the unit square with y pointing down.</summary>
internal readonly record struct GlyphSegment(float X0, float Y0, float X1, float Y1);

/// <summary>The ways in which people write each digit.</summary>
/// <remarks>A path: M x y moves the pen, L x y draws a line, C x1 y1 x2 y2 x y a Bezier curve, O cx cy rx ry an ellipse.</remarks>
internal static class GlyphStrokes
{
    private const int PiecesPerCurve = 8;
    private const int PiecesPerEllipse = 18;

    private static readonly string[][] Paths =
    [
        ["O .5 .5 .33 .48", "O .5 .5 .24 .49",
            "M .56 .02 C .1 .06 .1 .96 .5 .98 C .92 .96 .9 .02 .44 .04", "O .5 .5 .32 .48 M .3 .8 L .7 .2"],
        ["M .5 0 L .5 1", "M .3 .22 L .55 0 L .55 1", "M .3 .2 L .52 0 L .52 1 M .26 1 L .78 1", "M .42 .1 L .56 0 L .5 1"],
        [
            "M .18 .25 C .2 -.08 .82 -.08 .8 .28 C .78 .5 .4 .7 .18 1 L .84 1",
            "M .2 .22 C .3 -.1 .85 -.05 .78 .32 C .7 .62 .3 .8 .2 .98 C .12 .8 .35 .75 .5 .92 C .62 1.02 .75 1 .85 .92",
            "M .2 .12 C .4 -.06 .8 0 .76 .28 L .18 1 L .82 1",
        ],
        [
            "M .2 .12 C .4 -.08 .82 .02 .76 .25 C .72 .42 .5 .46 .42 .47 C .62 .46 .86 .55 .8 .76 C .74 1.06 .3 1.04 .18 .86",
            "M .2 0 L .78 0 L .46 .4 C .9 .4 .9 1 .46 1 C .34 1 .24 .95 .18 .86",
            "M .22 .06 C .5 -.04 .8 .04 .78 .24 C .76 .42 .56 .46 .44 .48 C .7 .5 .82 .6 .78 .78 C .72 1 .4 1.02 .2 .96",
        ],
        [
            "M .3 0 L .18 .6 L .84 .6 M .64 .25 L .64 1",
            "M .66 1 L .66 0 L .14 .68 L .86 .68",
            "M .24 0 C .16 .3 .14 .52 .4 .52 L .76 .5 M .78 0 L .72 1",
        ],
        [
            "M .8 0 L .28 0 L .22 .44 C .4 .34 .84 .36 .82 .68 C .8 1.06 .34 1.06 .18 .88",
            "M .78 .04 C .5 -.04 .28 .06 .26 .26 C .24 .46 .8 .44 .8 .72 C .8 1.04 .36 1.06 .18 .9",
            "M .26 .06 L .26 .44 C .44 .36 .82 .4 .8 .7 C .78 1.02 .4 1.06 .2 .92 M .26 .04 L .8 0",
        ],
        [
            "M .7 .04 C .4 .06 .2 .4 .2 .68 C .2 1.1 .82 1.1 .8 .7 C .78 .4 .3 .42 .22 .66",
            "M .6 0 C .4 .2 .22 .5 .22 .72 O .5 .72 .28 .28",
            "M .4 0 C .26 .3 .2 .5 .22 .74 C .24 1.06 .76 1.06 .78 .76 C .78 .5 .36 .5 .24 .72",
        ],
        [
            "M .18 0 L .82 0 L .42 1",
            "M .18 0 L .82 0 L .42 1 M .36 .5 L .76 .5",
            "M .18 .1 C .3 -.04 .6 .08 .84 0 C .66 .3 .5 .6 .46 1",
            "M .2 .18 L .2 0 L .8 0 L .5 1",
        ],
        [
            "O .5 .25 .24 .25 O .5 .74 .29 .26",
            "M .74 .16 C .6 -.1 .2 .02 .28 .26 C .36 .5 .82 .54 .78 .8 C .74 1.06 .24 1.06 .22 .8 C .2 .54 .72 .46 .74 .16",
            "O .5 .27 .27 .27 O .5 .77 .24 .23",
        ],
        [
            "O .48 .28 .28 .28 M .76 .28 C .78 .6 .7 .8 .56 1",
            "O .46 .28 .27 .28 M .75 .1 L .72 1",
            "M .78 .3 C .74 .62 .22 .6 .22 .28 C .22 -.08 .78 -.1 .78 .3 C .78 .8 .6 1.02 .26 .96",
        ],
    ];

    /// <summary>Segments of each style of each digit: [digit][style][segment].</summary>
    public static IReadOnlyList<GlyphSegment[][]> Styles { get; } = [.. Paths.Select(styles => styles.Select(Parse).ToArray())];

    private static GlyphSegment[] Parse(string path)
    {
        List<GlyphSegment> segments = [];
        string[] words = path.Split(' ');
        double x = 0, y = 0;
        for (int at = 0; at < words.Length;)
        {
            string command = words[at++];
            double[] numbers = [.. words.Skip(at).TakeWhile(word => !char.IsLetter(word[0]))
                .Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
            at += numbers.Length;
            switch (command)
            {
                case "L":
                    segments.Add(Segment(x, y, numbers[0], numbers[1]));
                    break;
                case "C":
                    AddCurve(segments, x, y, numbers);
                    break;
                case "O":
                    AddEllipse(segments, numbers);
                    break;
                default:
                    break;
            }

            (x, y) = (numbers[^2], numbers[^1]);
        }

        return [.. segments];
    }

    private static void AddCurve(List<GlyphSegment> segments, double x, double y, double[] p)
    {
        (double X, double Y) from = (x, y);
        for (int piece = 1; piece <= PiecesPerCurve; piece++)
        {
            double t = (double)piece / PiecesPerCurve, s = 1 - t;
            double a = s * s * s, b = 3 * s * s * t, c = 3 * s * t * t, d = t * t * t;
            (double X, double Y) to = ((a * x) + (b * p[0]) + (c * p[2]) + (d * p[4]), (a * y) + (b * p[1]) + (c * p[3]) + (d * p[5]));
            segments.Add(Segment(from.X, from.Y, to.X, to.Y));
            from = to;
        }
    }

    private static void AddEllipse(List<GlyphSegment> segments, double[] p)
    {
        for (int piece = 0; piece < PiecesPerEllipse; piece++)
        {
            double from = 2 * Math.PI * piece / PiecesPerEllipse, to = 2 * Math.PI * (piece + 1) / PiecesPerEllipse;
            segments.Add(Segment(
                p[0] + (p[2] * Math.Cos(from)), p[1] + (p[3] * Math.Sin(from)),
                p[0] + (p[2] * Math.Cos(to)), p[1] + (p[3] * Math.Sin(to))));
        }
    }

    private static GlyphSegment Segment(double x0, double y0, double x1, double y1) => new((float)x0, (float)y0, (float)x1, (float)y1);
}
