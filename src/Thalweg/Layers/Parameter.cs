using Thalweg.Initializers;

namespace Thalweg.Layers;

/// <summary>What a parameter does in its layer: decides whether weight decay applies to it by default.</summary>
public enum ParameterRole
{
    /// <summary>A weight that multiplies inputs: decays.</summary>
    Weight,

    /// <summary>An offset: does not decay.</summary>
    Bias,

    /// <summary>Scale or shift of a normalization: does not decay.</summary>
    Normalization,
}

/// <summary>A tensor that training changes, with its name, role and way to start.</summary>
public sealed class Parameter
{
    private Tensor? _value;

    private readonly Module? _owner;

    internal Parameter(string name, Shape shape, ParameterRole role, Initializer initializer, Module? owner = null)
    {
        _owner = owner;
        Name = name;
        Shape = shape;
        Role = role;
        Initializer = initializer;
    }

    /// <summary>Name within its module: <c>weight</c>, <c>bias</c>.</summary>
    public string Name { get; }

    /// <summary>Shape of <see cref="Value"/>.</summary>
    public Shape Shape { get; }

    /// <summary>What it does in its layer.</summary>
    public ParameterRole Role { get; }

    /// <summary>How it starts; may be changed before <see cref="Module.Initialize"/>.</summary>
    public Initializer Initializer { get; set; }

    /// <summary>Inputs of a unit and units that an input feeds; null, the default, where the shape gives them, as that of a weight
    /// <c>[in, out]</c> does. A layer that shares or cuts its weights, such as a convolution in groups, says them.</summary>
    public Fans? Fans
    {
        get;
        internal init => field = value is null or { In: > 0 and < double.PositiveInfinity, Out: > 0 and < double.PositiveInfinity }
            ? value
            : throw new ThalwegException(
                $"[{Name}] expected finite fans above 0, got {value.Value.In} and {value.Value.Out}; count what a unit sees and feeds, " +
                "or leave them out");
    }

    /// <summary>Order of the axes.</summary>
    internal WeightLayout Layout { get; set; }

    /// <summary>Whether rows are looked up and not multiplied by inputs, as those of an embedding.</summary>
    internal bool IsTable { get; set; }

    /// <summary>The axis that counts the outputs, or -1 for the last: used by rules that treat the weights of a unit together
    /// is.</summary>
    internal int OutputAxis { get; set; } = -1;

    /// <summary>Groups that each have outputs of their own on that axis, more than 1 for transposed convolutions in groups alone.</summary>
    internal int OutputGroups { get; set; } = 1;

    /// <summary>Whether the parameter has a value yet.</summary>
    public bool IsInitialized => _value is not null;

    /// <summary>Whether training changes the parameter; default true. See <see cref="Module.Freeze()"/>.</summary>
    public bool IsTrainable
    {
        get;
        internal set
        {
            field = value;
            _value?.RequiresGrad = value;
        }
    } = true;

    /// <summary>The tensor; it requires grad where <see cref="IsTrainable"/>.</summary>
    /// <exception cref="ThalwegException">The module has not been initialized, or is not a registered part of the one that
    /// was.</exception>
    public Tensor Value => _value ?? throw new ThalwegException(_owner?.HeldIn is { } place
        ? $"[{Name}] expected a registered part, got a {_owner.GetType().Name} in {place} that is none, so that it was not initialized; " +
            "write AddModule(name, part) around it in the constructor there"
        : $"[{Name}] expected an initialized parameter, got one without a value; call Initialize(seed) on the model or load weights");

    /// <summary>Gives the parameter its starting value.</summary>
    /// <param name="stream">Source of random draws.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    internal void Initialize(ref RandomStream stream, DType dtype)
    {
        _value = Tensor.Zeros(Shape, dtype);
        Fill(_value, Initializer, ref stream);
        _value.RequiresGrad = IsTrainable;
    }

    /// <summary>Fills a tensor of this shape by an initializer that gets the order of the axes and the fans.</summary>
    internal void Fill(Tensor target, Initializer initializer, ref RandomStream stream) =>
        initializer.Fill(target, Layout, Fans, ref stream);
}
