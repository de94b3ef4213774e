using System.Globalization;
using Thalweg.Conformance.Golden;

namespace Thalweg.Conformance.Families;

/// <summary>Evaluates formulas such as <c>(1-x)^2 + 100*(y-x^2)^2</c> with tensors, so that they can be differentiated.</summary>
/// <remarks>x, y, z, w are the coordinates in order; x1, x2, ... too, from x0 on where x0 stands in the formula; 2x is 2 * x and xy is
/// x * y; |x| is abs(x). x[0] is x0, and x_1 is x1.</remarks>
internal sealed class Formula
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> s_functions = new()
    {
        ["exp"] = v => v.Exp(),
        ["log"] = v => v.Log(),
        ["ln"] = v => v.Log(),
        ["sqrt"] = v => v.Sqrt(),
        ["sin"] = v => v.Sin(),
        ["cos"] = v => v.Cos(),
        ["tan"] = v => v.Sin() / v.Cos(),
        ["abs"] = v => v.Abs(),
        ["sinh"] = v => 0.5 * (v.Exp() - v.Negate().Exp()),
        ["cosh"] = v => 0.5 * (v.Exp() + v.Negate().Exp()),
        ["tanh"] = v => v.Tanh(),
        ["sigmoid"] = v => v.Sigmoid(),
        ["softplus"] = v => v.Softplus(),
    };

    /// <summary>Other ways to write what the formula knows.</summary>
    private static readonly (string Written, string Known)[] s_signs =
        [(" ", ""), ("[", ""), ("]", ""), ("²", "^2"), ("³", "^3"), ("·", "*"), ("−", "-"), ("π", "pi")];

    private readonly string _text;
    private readonly Tensor _x;
    private readonly int _first;
    private int _at;

    private Formula(string text, Tensor x)
    {
        _text = s_signs.Aggregate(text, (all, sign) => all.Replace(sign.Written, sign.Known, StringComparison.Ordinal));
        _x = x;
        _first = _text.Contains("x0", StringComparison.Ordinal) || _text.Contains("x_0", StringComparison.Ordinal) ? 0 : 1;
    }

    public static Tensor Value(string text, Tensor x)
    {
        Formula formula = new(text, x);
        Tensor value = formula.Sum();
        return formula._at == formula._text.Length ? value : throw formula.Wrong();
    }

    private char Next => _at < _text.Length ? _text[_at] : '\0';

    private Tensor Sum()
    {
        Tensor value = Product();
        while (Next is '+' or '-')
        {
            bool minus = Next == '-';
            Tensor term = Skip(Product);
            value = minus ? value - term : value + term;
        }

        return value;
    }

    private Tensor Product()
    {
        Tensor value = Factor();
        while (Next is '*' or '/' or '(' || char.IsAsciiLetter(Next))
        {
            bool divide = Next == '/';
            Tensor factor = Next is '*' or '/' ? Skip(Factor) : Power();
            value = divide ? value / factor : value * factor;
        }

        return value;
    }

    /// <summary>A power, which may be taken with a sign, as in 2*-x.</summary>
    private Tensor Factor() => Next switch
    {
        '-' => Skip(Factor).Negate(),
        '+' => Skip(Factor),
        _ => Power(),
    };

    private Tensor Power()
    {
        Tensor value = Atom();
        if (Next != '^' && !_text.AsSpan(_at).StartsWith("**"))
            return value;

        _at += Next == '^' ? 1 : 2;
        bool isGrouped = Next == '(';
        double exponent = isGrouped ? Skip(SignedNumber) : SignedNumber();
        if (isGrouped)
            _ = Next == ')' ? Skip(() => 0) : throw Wrong();

        Tensor power = value;
        for (int i = 1; i < exponent; i++)
            power = i == 1 ? value.Square() : power * value;

        return exponent == Math.Floor(exponent) && exponent >= 1 ? power : value.Power(exponent);
    }

    private Tensor Atom()
    {
        if (char.IsAsciiDigit(Next) || Next == '.')
            return Tensor.Scalar(Number(), DType.Float64);

        if (Next is '(' or '|')
        {
            char end = Next == '(' ? ')' : '|';
            Tensor value = Skip(Sum);
            return Next != end ? throw Wrong() : Skip(() => end == '|' ? value.Abs() : value);
        }

        int start = _at;
        while (char.IsAsciiLetterOrDigit(Next) || Next == '_')
            _at++;

        string name = _text[start.._at];
        return name switch
        {
            _ when s_functions.TryGetValue(name, out Func<Tensor, Tensor>? function) => function(Atom()),
            "pi" => Tensor.Scalar(Math.PI, DType.Float64),
            _ when name.Length > 1 && name.All("xyzw".Contains) =>
                name.Select(letter => _x.Select(0, Coordinate($"{letter}"))).Aggregate((a, b) => a * b),
            _ => _x.Select(0, Coordinate(name)),
        };
    }

    private int Coordinate(string name)
    {
        int position = name.Length == 1 ? "xyzw".IndexOf(name[0]) : -1;
        if (name.Length > 1 && name[0] == 'x' && int.TryParse(name.AsSpan(1).TrimStart('_'), out int number))
            position = number - _first;

        return position >= 0 && position < _x.Length ? position : throw Wrong();
    }

    private double SignedNumber() => Next == '-' ? -Skip(Number) : Number();

    private double Number()
    {
        int start = _at;
        while (char.IsAsciiDigit(Next) || Next == '.' || IsExponent())
            _at += IsExponent() ? 2 : 1;

        return double.TryParse(_text.AsSpan(start, _at - start), CultureInfo.InvariantCulture, out double number) ? number : throw Wrong();
    }

    /// <summary>An e that a digit or a sign follows, as in 1e-3; not that of exp.</summary>
    private bool IsExponent() =>
        Next == 'e' && _at + 1 < _text.Length && (char.IsAsciiDigit(_text[_at + 1]) || _text[_at + 1] is '-' or '+');

    private T Skip<T>(Func<T> then)
    {
        _at++;
        return then();
    }

    private UnsupportedException Wrong() => new($"formula '{_text}' at place {_at}");
}
