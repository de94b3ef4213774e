using System.Text.Json.Nodes;
using Thalweg.Initializers;

namespace Thalweg.Layers;

/// <summary>Base of the recurrent layers: stacked, one or both directions of time, with a state that can be carried on.</summary>
/// <remarks>
/// Input <c>[batch, time, in]</c>, output <c>[batch, time, directions * units]</c>, or with time first as the settings say. Parameters of
/// layer k: <c>weight_ih_lk [in, gates * units]</c>, <c>weight_hh_lk [units, gates * units]</c>, <c>bias_ih_lk</c> and <c>bias_hh_lk [gates
/// * units]</c>, and the same with <c>_reverse</c> for the way back. Weights start uniform within 1 / sqrt(units), biases at 0.
/// </remarks>
public abstract class RecurrentLayer : Module
{
    private readonly Dictionary<string, Parameter> _parameters = [];
    private readonly List<Dropout> _dropouts = [];
    private readonly CarriedState? _carried;
    private readonly RecurrentWeights _weights;

    private protected RecurrentLayer(RecurrentCell cell, int inputs, int units, RecurrentOptions? options, double forgetBias = 0)
    {
        Options = options ?? new RecurrentOptions();
        (Cell, Inputs, Units) = (cell, inputs, units);
        if (inputs < 1 || units < 1 || Options.Layers < 1)
        {
            throw new ThalwegException(
                $"[{TypeName}] expected 1 or more inputs, units and layers, got {inputs}, {units} and {Options.Layers}");
        }

        if (!(Options.Dropout is >= 0 and < 1))
            throw new ThalwegException($"[{TypeName}] expected a dropout probability in [0, 1), got {Options.Dropout}");

        for (int layer = 0; layer < Options.Layers; layer++)
        {
            int width = layer == 0 ? inputs : units * Options.Directions;
            AddPosition(RecurrentNames.Of(layer, reverse: false), width, forgetBias);
            if (Options.Bidirectional)
                AddPosition(RecurrentNames.Of(layer, reverse: true), width, forgetBias);

            if (Options.Dropout != 0 && layer < Options.Layers - 1)
                _dropouts.Add(AddModule($"dropout_l{layer}", new Dropout(Options.Dropout)));
        }

        _weights = new RecurrentWeights(
            cell, units, Options, name => _parameters[name].Value, _dropouts.Count == 0 ? null : (i, y) => _dropouts[i].Forward(y));
        if (Options.StatefulBatch is { } batch)
        {
            if (batch < 1 || Options.Bidirectional)
            {
                throw new ThalwegException($"[{TypeName}] expected a stateful batch of 1 or more sequences in one direction of time, got "
                    + $"{batch}{(Options.Bidirectional ? " in both" : "")}; correct StatefulBatch, or leave it out");
            }

            Shape shape = [Options.Layers, batch, units];
            _carried = new CarriedState(
                AddBuffer("carried_hidden", shape, 0),
                cell == RecurrentCell.Lstm ? AddBuffer("carried_memory", shape, 0) : null);
        }
    }

    /// <summary>What is computed in each step.</summary>
    public RecurrentCell Cell { get; }

    /// <summary>Number of inputs.</summary>
    public int Inputs { get; }

    /// <summary>Number of units of each layer and direction.</summary>
    public int Units { get; }

    /// <summary>Settings.</summary>
    public RecurrentOptions Options { get; }

    private protected abstract string TypeName { get; }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => ForwardCore(x, null);

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x, int[]? lengths)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor output = _carried is null || !IsTraining
            ? Run(x, null, out RecurrentState final, lengths)
            : RunFromCarried(x, _carried, out final, lengths);
        if (Options.AllSteps)
            return output;

        int directions = Options.Directions, first = (Options.Layers - 1) * directions;
        Tensor top = final.Hidden.Select(0, first);
        return directions == 1 ? top : Tensor.Concatenate(-1, top, final.Hidden.Select(0, first + 1));
    }

    /// <summary>Runs over a batch of sequences from a given state.</summary>
    /// <param name="x">Input <c>[batch, time, in]</c>, or with time first as the settings say, or one sequence <c>[time, in]</c>; 1
    /// or more steps.</param>
    /// <param name="initial">State before the first step; null for zeros.</param>
    /// <param name="final">State after the last step of each sequence; <see cref="RecurrentState.Detach"/> it before the next
    /// stretch to truncate.</param>
    /// <param name="lengths">Number of steps of each sequence, from 0 to time; null (default): all are full.</param>
    /// <returns>Top states of all steps, in the order of the input, 0 past the end of a sequence; these and the state have no batch where
    /// the input has none.</returns>
    /// <exception cref="ThalwegException">Shapes, lengths or element types do not fit.</exception>
    public Tensor Run(Tensor x, RecurrentState? initial, out RecurrentState final, int[]? lengths = null)
    {
        using ModuleScope scope = EnterScope();
        string order = Options.BatchFirst ? "[batch, time, " : "[time, batch, ";
        if (x.Rank is not (2 or 3) || x.Shape[-1] != Inputs || x.Shape[Options.BatchFirst && x.Rank == 3 ? 1 : 0] < 1)
            throw new ThalwegException($"[{TypeName}] expected inputs {order}{Inputs}] of 1 or more steps, got {x.Shape}");

        int states = Options.Layers * Options.Directions;
        Check(initial, x.Rank == 2 ? [states, Units] : [states, x.Shape[Options.BatchFirst ? 0 : 1], Units]);
        (Tensor output, final) = RecurrentStack.Run(_weights, x, initial, lengths?.ToArray());
        return output;
    }

    /// <inheritdoc/>
    protected sealed override bool CarriesState => _carried is not null;

    /// <inheritdoc/>
    protected sealed override void OnResetState() => _carried?.Clear();

    /// <summary>Begins where the step before ended. A repeat within a step begins where its first pass did.</summary>
    private Tensor RunFromCarried(Tensor x, CarriedState carried, out RecurrentState final, int[]? lengths)
    {
        int batch = x.Rank == 3 ? x.Shape[Options.BatchFirst ? 0 : 1] : 1;
        if (x.Rank != 3 || batch > carried.Batch)
        {
            throw new ThalwegException($"[{TypeName}] expected a batch of at most {carried.Batch} sequences, as StatefulBatch says, got "
                + $"{x.Shape}; train with batches of that size");
        }

        Tensor output = Run(x, carried.Begin(batch, x.DType, IsRepeat), out final, lengths);
        carried.End(final);
        return output;
    }

    /// <inheritdoc/>
    public override JsonObject Describe()
    {
        JsonObject description = new() { ["type"] = TypeName, ["inputs"] = Inputs, ["units"] = Units };
        Options.Write(description);
        return description;
    }

    private void Check(RecurrentState? initial, Shape shape)
    {
        if (initial is { } state &&
            (state.Hidden.Shape != shape || (state.Memory is null ? Cell == RecurrentCell.Lstm : state.Memory.Shape != shape)))
        {
            string parts = Cell == RecurrentCell.Lstm ? "hidden and memory" : "hidden";
            string found = state.Memory is null ? $"{state.Hidden.Shape} without memory" : $"{state.Hidden.Shape} and {state.Memory.Shape}";
            throw new ThalwegException($"[{TypeName}] expected an initial state ({parts}) of shape {shape}, got {found}");
        }
    }

    private void AddPosition(RecurrentNames names, int inputs, double forgetBias)
    {
        int columns = new RecurrentScanOptions(Cell).Gates * Units;
        double bound = 1 / Math.Sqrt(Units);
        Initializer uniform = Initializer.Uniform(-bound, bound);
        Add(names.InputWeight, [inputs, columns], ParameterRole.Weight, uniform);
        Add(names.StateWeight, [Units, columns], ParameterRole.Weight, uniform);
        if (Options.Bias)
        {
            Add(names.InputBias, [columns], ParameterRole.Bias,
                forgetBias == 0 ? Initializer.Zeros : new ForgetGateInitializer(forgetBias));
            Add(names.StateBias, [columns], ParameterRole.Bias, Initializer.Zeros);
        }
    }

    private void Add(string name, Shape shape, ParameterRole role, Initializer initializer) =>
        _parameters[name] = AddParameter(name, shape, role, initializer);
}
