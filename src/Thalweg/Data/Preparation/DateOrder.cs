namespace Thalweg.Data;

/// <summary>Order of the parts of a date.</summary>
public enum DateOrder
{
    /// <summary>Year first as in ISO 8601 (2014-10-13, 2014-10, 20141013T120000), or the month by its English name (13 Oct 2014).</summary>
    YearFirst,

    /// <summary>13/10/2014, 13-10-2014 or 13.10.2014.</summary>
    DayFirst,

    /// <summary>10/13/2014 or 10-13-2014.</summary>
    MonthFirst,
}
