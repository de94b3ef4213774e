using System.Runtime.InteropServices;

namespace Thalweg.Training;

/// <summary>The layers behind the outputs of a micro-batch that have factors, and the derivatives by what they gave.</summary>
internal sealed class FactorSearch
{
    private readonly AffineUses _all = new();
    private readonly List<Tensor> _outputs = [];
    private Tensor[] _cotangents = [];

    /// <summary>The layers, in the order in which they ran.</summary>
    public List<AffineUse> Uses { get; } = [];

    /// <summary>Options of a convolution, and whether it is one of signals; null for anything else.</summary>
    public static (ConvolutionOptions Options, bool IsSignal)? ConvolutionOf(in AffineUse use) => use.Output.Op!.Name == "conv2d"
        ? (Attribute(use, "options", ConvolutionOptions.Default), Attribute(use, "signal", false))
        : null;

    /// <summary>Finds dense layers and ungrouped convolutions; false where there are none.</summary>
    public bool Find(Tensor result, Tensor[] leaves)
    {
        foreach (ref readonly AffineUse use in _all.Find(result, leaves))
        {
            if (use.Output.Op!.Name == "linear" || ConvolutionOf(use) is { Options.Groups: 1 })
            {
                Uses.Add(use);
                _outputs.Add(use.Output);
            }
        }

        return Uses.Count > 0;
    }

    /// <summary>Takes the derivatives of a loss.</summary>
    public void Differentiate(Tensor loss)
    {
        _cotangents = _cotangents.Length < Uses.Count ? new Tensor[Uses.Count] : _cotangents;
        Gradients.Write(loss, CollectionsMarshal.AsSpan(_outputs), _cotangents);
    }

    /// <summary>The derivative by what a layer computed before its activation.</summary>
    public Tensor BeforeActivation(int use)
    {
        using NoGrad silence = NoGrad.Begin();
        Tensor output = Uses[use].Output;
        IReadOnlyList<OpDescription.Inner> inner = Uses[use].Description.AllInner;
        for (int i = 0; i < inner.Count; i++)
        {
            if (inner[i].Value.Name == InnerValue.PreActivation && inner[i].Gradient is { } gradient)
            {
                return gradient(output.Call, output, _cotangents[use]);
            }
        }

        return _cotangents[use];
    }

    /// <summary>Lets go of the tensors.</summary>
    public void Forget()
    {
        _all.Forget();
        Uses.Clear();
        _outputs.Clear();
        Array.Clear(_cotangents);
    }

    private static T Attribute<T>(in AffineUse use, string name, T fallback)
    {
        IReadOnlyList<OpAttribute> attributes = use.Description.AllAttributes;
        for (int i = 0; i < attributes.Count; i++)
        {
            if (attributes[i].Name == name && attributes[i].Value is T value)
            {
                return value;
            }
        }

        return fallback;
    }
}
