using System.Text.Json.Nodes;
using Thalweg.Initializers;

namespace Thalweg.Layers;

/// <summary>A part of a network: parameters, buffers, parts of its own, and a forward rule.</summary>
/// <remarks>
/// To write a custom one, derive from this class, make parameters and parts in the constructor with <see cref="AddParameter"/> and
/// <see cref="AddModule"/>, and compute in <see cref="ForwardCore(Tensor)"/> with tensor operations; derivatives follow by themselves.
/// A module can be used by several threads at once: mode and step of a forward pass are those of its thread, see
/// <see cref="ForwardContext"/>.
/// </remarks>
public abstract partial class Module
{
    private readonly List<Parameter> _parameters = [];
    private readonly List<(string Name, Module Module)> _modules = [];
    private readonly List<(string Name, Tensor Value)> _buffers = [];
    private long _draws;

    /// <summary>Whether the module behaves as in training: dropout drops, batch normalization uses the batch.</summary>
    /// <remarks>As the <see cref="ForwardContext"/> of the thread says, which leaves the module as it is: another thread may be training
    /// it, or predicting. Without one as <see cref="SetTraining"/> said, true at first.</remarks>
    public bool IsTraining { get => ForwardContext.IsTraining ?? field; private set; } = true;

    /// <summary>Element type chosen by <see cref="Initialize"/>.</summary>
    public DType DType { get; private set; } = DType.Float32;

    /// <summary>Seed chosen by <see cref="Initialize"/>: names the random streams of the module.</summary>
    protected ulong Seed { get; private set; }

    /// <summary>Place among all modules of the network in order, from 0: separates random streams.</summary>
    protected int Ordinal { get; private set; }

    /// <summary>Whether this forward pass repeats one of the same step, as a second gradient, a line search or a part that is computed
    /// again for its derivative does: buffers must not move again.</summary>
    protected bool IsRepeat => ForwardContext.IsRepeat || Recomputation.IsReplay;

    /// <summary>Whether every parameter has a value.</summary>
    public bool IsInitialized => NamedParameters().All(p => p.Parameter.IsInitialized);

    /// <summary>Number of numbers in the parameters, frozen ones included; a part that is used in several places counts once.</summary>
    public long ParameterCount => NamedParameters().Select(p => p.Parameter).Distinct().Sum(parameter => parameter.Shape.Length);

    /// <summary>Whether <see cref="Freeze()"/> holds the module as it is.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Computes the output for a batch.</summary>
    /// <param name="x">Input; the layer says which shape.</param>
    public Tensor Forward(Tensor x)
    {
        if (!Recording.IsActive)
        {
            return ForwardCore(x);
        }

        using ModuleScope scope = EnterScope();
        return ForwardCore(x);
    }

    /// <summary>Computes the output for a batch, as <see cref="Forward(Tensor)"/> does; call that one.</summary>
    /// <param name="x">Input; the layer says which shape.</param>
    protected abstract Tensor ForwardCore(Tensor x);

    /// <summary>The module in words that <see cref="LayerRegistry"/> can build again: its type and sizes, not its weights.</summary>
    /// <exception cref="ThalwegException">A custom module that has not said how to describe itself.</exception>
    public virtual JsonObject Describe() => throw new ThalwegException(
        $"[{GetType().Name}] expected a module that describes itself, got one that does not; override Describe and register the type " +
        "with LayerRegistry");

    /// <summary>All parameters with their full names, such as <c>0.weight</c>, in order; those of a part that is used in several places under
    /// each of its names.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> NamedParameters() =>
        _parameters.Select(p => (p.Name, p))
            .Concat(_modules.SelectMany(m => m.Module.NamedParameters().Select(p => ($"{m.Name}.{p.Name}", p.Parameter))));

    /// <summary>All buffers (numbers that are saved but not trained) with their full names, such as <c>1.running_mean</c>.</summary>
    public IEnumerable<(string Name, Tensor Value)> NamedBuffers() =>
        _buffers.Concat(_modules.SelectMany(m => m.Module.NamedBuffers().Select(b => ($"{m.Name}.{b.Name}", b.Value))));

    /// <summary>The parts of this module with their names, in order.</summary>
    public IReadOnlyList<(string Name, Module Module)> Modules => _modules;

    /// <summary>Gives every parameter its starting value, each from a random stream of its own.</summary>
    /// <param name="seed">Seed of the run: the same seed gives the same bits.</param>
    /// <param name="dtype">Float32 (default) or Float64.</param>
    /// <returns>This module.</returns>
    public Module Initialize(ulong seed, DType dtype = DType.Float32) => Start(seed, dtype, null);

    /// <summary>Gives a starting value to the parameters that have none, such as those of a new head on a loaded body; the others keep
    /// theirs.</summary>
    /// <param name="seed">Seed of the run: names the starting values as <see cref="Initialize"/> does, and the random streams of all
    /// modules.</param>
    /// <param name="dtype">Element type where no parameter has a value yet; else theirs is taken. Default Float32.</param>
    /// <returns>This module.</returns>
    public Module InitializeMissing(ulong seed, DType dtype = DType.Float32)
    {
        Parameter[] all = [.. NamedParameters().Select(p => p.Parameter)];
        Parameter? started = Array.Find(all, parameter => parameter.IsInitialized);
        return Start(seed, started?.Value.DType ?? dtype, [.. all.Where(parameter => !parameter.IsInitialized)]);
    }

    /// <summary>Holds this module and its parts as they are in training: the trainer leaves their parameters alone, no derivative is
    /// computed for them, and batch normalization works with its running statistics, which do not move.</summary>
    /// <remarks>Call it before the trainer is made. Dropout continues as in training. As Keras' <c>trainable = False</c>.</remarks>
    public void Freeze() => SetFrozen(true);

    /// <summary>Undoes <see cref="Freeze()"/> for this module and its parts.</summary>
    public void Unfreeze() => SetFrozen(false);

    /// <summary>Switches this module and its parts to training or to evaluation, for all threads where no
    /// <see cref="ForwardContext"/> says otherwise.</summary>
    /// <param name="training">True for training.</param>
    public void SetTraining(bool training)
    {
        IsTraining = training;
        foreach ((_, Module module) in _modules)
        {
            module.SetTraining(training);
        }
    }

    /// <summary>Makes a parameter of this module.</summary>
    /// <param name="name">Name within the module, such as <c>weight</c>.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="role">What it does.</param>
    /// <param name="initializer">How it starts.</param>
    /// <param name="fans">Inputs of a unit and units that an input feeds, for initializers that scale by them; default null: the shape
    /// is <c>[window..., in, out]</c> and gives them.</param>
    /// <exception cref="ThalwegException">The fans are not above 0: count them, or leave them out.</exception>
    protected Parameter AddParameter(string name, Shape shape, ParameterRole role, Initializer initializer, Fans? fans = null)
    {
        TensorBudget.Take(shape);
        Parameter parameter = new(name, shape, role, initializer, this) { IsTrainable = !IsFrozen, Fans = fans };
        _parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Makes another module a part of this one.</summary>
    /// <typeparam name="TModule">Its type.</typeparam>
    /// <param name="name">Name within this module.</param>
    /// <param name="module">The part.</param>
    /// <returns>The part.</returns>
    protected TModule AddModule<TModule>(string name, TModule module)
        where TModule : Module
    {
        ArgumentNullException.ThrowIfNull(module);
        _modules.Add((name, module));
        return module;
    }

    /// <summary>Computes the output of a part, <c>part.Forward(x)</c>; an error ends with the part's name and type.</summary>
    /// <param name="part">The part, made with <see cref="AddModule"/>.</param>
    /// <param name="x">Input; the part says which shape.</param>
    /// <exception cref="ThalwegException">The part refuses its input.</exception>
    protected Tensor ForwardPart(Module part, Tensor x) => ForwardPart(part, x, null);

    /// <summary>Computes the output of a part for padded sequences, <c>part.Forward(x, lengths)</c>; an error ends with the part's name and
    /// type.</summary>
    /// <param name="part">The part, made with <see cref="AddModule"/>.</param>
    /// <param name="x">Input; the part says which shape.</param>
    /// <param name="lengths">Length of each sequence, <c>[batch]</c>; null where all are full.</param>
    /// <exception cref="ThalwegException">The part refuses its input.</exception>
    protected Tensor ForwardPart(Module part, Tensor x, int[]? lengths)
    {
        ArgumentNullException.ThrowIfNull(part);
        try
        {
            return lengths is null ? part.Forward(x) : part.Forward(x, lengths);
        }
        catch (ThalwegException error)
        {
            throw InPart(NameOf(part) ?? part.GetType().Name, part, error);
        }
    }

    /// <summary>Makes a tensor that is saved with the weights but not trained.</summary>
    /// <param name="name">Name within the module.</param>
    /// <param name="value">Its first value.</param>
    /// <returns>The tensor; change it in place.</returns>
    protected Tensor AddBuffer(string name, Tensor value)
    {
        _buffers.Add((name, value));
        return value;
    }

    /// <summary>Makes a buffer in double precision, all of one value.</summary>
    private protected Tensor AddBuffer(string name, Shape shape, double value)
    {
        TensorBudget.Take(shape);
        return AddBuffer(name, value == 0 ? Tensor.Zeros(shape, DType.Float64) : Tensor.Full(shape, value, DType.Float64));
    }

    /// <summary>Random stream of the next draw of this module.</summary>
    /// <remarks>Each call gives another stream. Within a step of a <see cref="ForwardContext"/> it follows from seed, module, step and the
    /// number of calls for the purpose in that context, so that a step that is taken again draws the same numbers; without a step, from
    /// the number of calls so far.</remarks>
    /// <param name="purpose">What the numbers are for.</param>
    protected RandomStream StreamOfStep(RandomPurpose purpose) => ForwardContext.Draw(this, purpose, Seed, (ulong)Ordinal, ref _draws);

    /// <summary>Says to a <see cref="Recording"/> that what follows is this module's, until the result is disposed.
    /// <see cref="Forward(Tensor)"/> does it; other methods that compute with several inputs begin with it.</summary>
    protected ModuleScope EnterScope() => ModuleScope.Enter(this);

    /// <summary>The error of a part, with its place: <c>; in layer 3 (Dense) of layer module (Sequential)</c>.</summary>
    private protected static ThalwegException InPart(string name, Module part, ThalwegException error)
    {
        string link = error.InnerException is ThalwegException ? " of" : "; in";
        return new ThalwegException($"{error.Message}{link} layer {name} ({part.GetType().Name})", error);
    }

    /// <summary>Where a module that is no registered part is held, such as <c>field '_head' of Net</c>; null for a part.</summary>
    internal string? HeldIn { get; set; }

    /// <summary>Called when every parameter of the network has its starting value, parts first; not where the module's own had theirs
    /// before.</summary>
    private protected virtual void OnInitialized()
    {
    }

    /// <summary>The name of a part, or null for a module that is none.</summary>
    /// <remarks>Apart from <see cref="ForwardPart(Module, Tensor)"/>, whose steady step must not allocate the closure.</remarks>
    internal string? NameOf(Module part) => _modules.Find(m => ReferenceEquals(m.Module, part)).Name;

    /// <summary>Gives starting values to some parameters, or to all; the streams are named by their places among all.</summary>
    private Module Start(ulong seed, DType dtype, HashSet<Parameter>? chosen)
    {
        ulong index = 0;
        foreach ((_, Parameter parameter) in NamedParameters())
        {
            RandomStream stream = new(seed, RandomPurpose.Initialization, index++);
            if (chosen?.Contains(parameter) ?? true)
            {
                parameter.Initialize(ref stream, dtype);
            }
        }

        Bind(seed, dtype, 0);
        Finish(chosen);
        UnregisteredParts.Find(this);
        return this;
    }

    private void Finish(HashSet<Parameter>? chosen)
    {
        foreach ((_, Module module) in _modules)
        {
            module.Finish(chosen);
        }

        if (chosen is null || NamedParameters().Any(p => chosen.Contains(p.Parameter)))
        {
            OnInitialized();
        }
    }

    private void SetFrozen(bool isFrozen)
    {
        IsFrozen = isFrozen;
        _parameters.ForEach(parameter => parameter.IsTrainable = !isFrozen);
        foreach ((_, Module module) in _modules)
        {
            module.SetFrozen(isFrozen);
        }
    }

    /// <summary>Whether the module counts for the random streams of those after it; a wrapper or a chain that draws none does not, so that
    /// wrapping and nesting change no bit.</summary>
    private protected virtual bool HasPositionInOrder => true;

    private int Bind(ulong seed, DType dtype, int ordinal)
    {
        (Seed, DType, Ordinal, HeldIn) = (seed, dtype, ordinal, null);
        ordinal += HasPositionInOrder ? 1 : 0;
        foreach ((_, Module module) in _modules)
        {
            ordinal = module.Bind(seed, dtype, ordinal);
        }

        return ordinal;
    }
}
