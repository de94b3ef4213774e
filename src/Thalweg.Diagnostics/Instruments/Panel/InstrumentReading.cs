namespace Thalweg.Diagnostics;

/// <summary>What an instrument read at one step, of one layer or parameter or of the whole run.</summary>
/// <param name="Instrument">Name of the instrument, as in <c>gradient_norm</c>.</param>
/// <param name="Quantity">What was read, as in <c>mean</c>; an instrument may read several.</param>
/// <param name="Value">The value, in <see cref="Unit"/>; NaN where there is none, see <see cref="Note"/>.</param>
public sealed record InstrumentReading(string Instrument, string Quantity, double Value)
{
    /// <summary>Quantity of a reading that says why an instrument does not measure.</summary>
    public const string Off = "off";

    /// <summary>Step of the run, from 0.</summary>
    public long Step { get; init; }

    /// <summary>Epoch, from 0.</summary>
    public int Epoch { get; init; }

    /// <summary>Path of the layer, or name of the parameter, as in <c>1.module.0</c> and <c>0.weight</c>; empty for the whole
    /// run.</summary>
    public string Layer { get; init; } = "";

    /// <summary>Unit of the value.</summary>
    public string Unit { get; init; } = "dimensionless";

    /// <summary>Further numbers, as the counts of a histogram; null where the value says all.</summary>
    public ValueList<double>? Series { get; init; }

    /// <summary>Standard error of the value where it is an estimate from random numbers; else null.</summary>
    public double? Error { get; init; }

    /// <summary>One line on the value: what was left out, why there is none; null where there is nothing to say.</summary>
    public string? Note { get; init; }

    /// <summary>Whether the value is a time, which differs from run to run; all others are equal to the bit.</summary>
    public bool IsTime { get; init; }

    /// <summary>Whether it says why the instrument does not measure.</summary>
    public bool IsOff => Quantity == Off;
}
