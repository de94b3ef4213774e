namespace Thalweg.Data;

/// <summary>Draws images of digits: a style, bent, slanted, turned, scaled and shifted at random, with pen, blur and noise.</summary>
/// <remarks>Measured over 12,000: a linear classifier reaches 93 % on validation data, a 256-128 network 99 % in 10
/// epochs of Adam.</remarks>
internal static class Glyphs
{
    /// <summary>Pixels per side.</summary>
    public const int Side = 28;

    /// <summary>Pixels per image.</summary>
    public const int Width = Side * Side;

    /// <summary>Farther than this from the pen's way, in pixels, no ink falls: the widest pen with the widest blur.</summary>
    private const float Reach = 3;

    /// <summary>Draws images one after the other.</summary>
    /// <param name="seed">Seed of the set.</param>
    /// <param name="count">Number of images.</param>
    /// <returns>Images `[count, 28, 28]`, 0 for paper and 255 for ink, and the digit of each.</returns>
    public static (byte[] Images, byte[] Labels) Draw(ulong seed, int count)
    {
        byte[] images = new byte[count * Width];
        byte[] labels = new byte[count];
        float[] distances = new float[Width];
        for (int i = 0; i < count; i++)
        {
            labels[i] = (byte)(i % 10);
            RandomStream random = new(seed, RandomPurpose.Data, (ulong)i);
            DrawOne(labels[i], ref random, distances, images.AsSpan(i * Width, Width));
        }

        return (images, labels);
    }

    private static void DrawOne(int digit, ref RandomStream random, float[] distances, Span<byte> image)
    {
        GlyphSegment[][] styles = GlyphStrokes.Styles[digit];
        GlyphSegment[] style = styles[random.NextInt32(styles.Length)];
        GlyphPose pose = GlyphPose.Draw(ref random);
        double pen = random.NextDouble(0.6, 1.7), blur = random.NextDouble(0.5, 1.2);
        double ink = random.NextDouble(150, 255), noise = random.NextDouble(5, 30);

        Array.Fill(distances, Reach * Reach);
        foreach (GlyphSegment segment in style)
            Approach(pose.Apply(segment), distances);
        Shade(distances, new Look((float)pen, (float)blur, (float)ink, (float)noise), ref random, image);
    }

    /// <summary>Lowers the squared distance of each pixel in reach to that from a segment.</summary>
    private static void Approach(GlyphSegment s, float[] distances)
    {
        int left = Math.Max(0, (int)(Math.Min(s.X0, s.X1) - Reach)), right = Math.Min(Side - 1, (int)(Math.Max(s.X0, s.X1) + Reach));
        int top = Math.Max(0, (int)(Math.Min(s.Y0, s.Y1) - Reach)), bottom = Math.Min(Side - 1, (int)(Math.Max(s.Y0, s.Y1) + Reach));
        float dx = s.X1 - s.X0, dy = s.Y1 - s.Y0;
        float inverse = 1 / Math.Max(1e-12f, (dx * dx) + (dy * dy));
        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
            {
                float px = x + 0.5f - s.X0, py = y + 0.5f - s.Y0;
                float along = Math.Clamp(((px * dx) + (py * dy)) * inverse, 0, 1);
                float ex = px - (along * dx), ey = py - (along * dy);
                float square = (ex * ex) + (ey * ey);
                ref float best = ref distances[(y * Side) + x];
                if (square < best)
                    best = square;
            }
        }
    }

    /// <summary>Ink by distance from the pen's way, falling off smoothly over the blur, and noise of the paper.</summary>
    private static void Shade(float[] distances, Look look, ref RandomStream random, Span<byte> image)
    {
        // The sum of the four bytes of a word is near enough to a normal number, and 20 times cheaper than one.
        const float MeanOfBytes = 510, DeviationOfBytes = 147.8f;
        for (int i = 0; i < image.Length; i++)
        {
            float cover = 0;
            if (distances[i] < Reach * Reach)
            {
                float t = Math.Clamp(0.5f + ((look.Pen - MathF.Sqrt(distances[i])) / (2 * look.Blur)), 0, 1);
                cover = t * t * (3 - (2 * t));
            }

            uint word = random.NextUInt32();
            float sum = (word & 255) + ((word >> 8) & 255) + ((word >> 16) & 255) + (word >> 24);
            float value = (cover * look.Ink) + (look.Noise * (sum - MeanOfBytes) / DeviationOfBytes);
            image[i] = (byte)Math.Clamp(value, 0, 255);
        }
    }

    /// <summary>Pen and paper.</summary>
    /// <param name="Pen">Half the width of the line in pixels.</param>
    /// <param name="Blur">Half the width of its soft edge in pixels.</param>
    /// <param name="Ink">Gray of full ink.</param>
    /// <param name="Noise">Standard deviation of the noise in grays.</param>
    private readonly record struct Look(float Pen, float Blur, float Ink, float Noise);
}

/// <summary>How a glyph lies on the paper: a wave that bends it, then slant, scale, turn and shift.</summary>
internal readonly struct GlyphPose
{
    private readonly double _xx, _xy, _yx, _yy, _x, _y;
    private readonly double _bendX, _bendY, _phaseX, _phaseY;

    private GlyphPose(ref RandomStream random)
    {
        double height = random.NextDouble(15, 21), width = height * random.NextDouble(0.6, 0.9);
        double slant = random.NextDouble(-0.3, 0.3), turn = random.NextDouble(-0.17, 0.17);
        (double sine, double cosine) = Math.SinCos(turn);
        _xx = cosine * width;
        _xy = ((slant * cosine) - sine) * height;
        _yx = sine * width;
        _yy = ((slant * sine) + cosine) * height;
        _x = (Glyphs.Side / 2.0) + random.NextDouble(-2, 2);
        _y = (Glyphs.Side / 2.0) + random.NextDouble(-2, 2);
        _bendX = random.NextDouble(-0.08, 0.08);
        _bendY = random.NextDouble(-0.06, 0.06);
        _phaseX = random.NextDouble(0, 2 * Math.PI);
        _phaseY = random.NextDouble(0, 2 * Math.PI);
    }

    /// <summary>Draws a pose at random.</summary>
    public static GlyphPose Draw(ref RandomStream random) => new(ref random);

    /// <summary>The segment in pixels.</summary>
    public GlyphSegment Apply(GlyphSegment segment)
    {
        (float x0, float y0) = Apply(segment.X0, segment.Y0);
        (float x1, float y1) = Apply(segment.X1, segment.Y1);
        return new GlyphSegment(x0, y0, x1, y1);
    }

    private (float X, float Y) Apply(double x, double y)
    {
        double u = x - 0.5 + (_bendX * Math.Sin((5 * y) + _phaseX));
        double v = y - 0.5 + (_bendY * Math.Sin((5 * x) + _phaseY));
        return ((float)((_xx * u) + (_xy * v) + _x), (float)((_yx * u) + (_yy * v) + _y));
    }
}
