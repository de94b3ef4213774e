using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Models;

namespace Thalweg.Tests.Models;

/// <summary>Networks by their short forms, each with a hash of the names and weights that it starts with.</summary>
public static class NetworkHashes
{
    private static readonly string[] s_models =
        ["linear", "mlp:7,5", "cnn:4x5,6+8", "cnn:3", "resnet:4x1,8+6", "resnet:4x2"];

    /// <summary>All networks by a key that says how they are made.</summary>
    public static IEnumerable<(string Key, NetworkSpec Spec, int[] Shape)> All()
    {
        foreach (string model in s_models)
        {
            int[] shape = model[0] is 'c' or 'r' ? [2, 9, 8] : [6];
            foreach ((string key, NetworkSpec spec) in Variants(model))
                yield return ($"{model} {key}", spec, shape);
        }

        yield return ("mlp:7 images", new NetworkSpec { HiddenUnits = [7] }, [1, 3, 2]);
    }

    /// <summary>SHA-256 of the types of the layers, and of the names and bits of all parameters and buffers.</summary>
    public static string Of(NetworkSpec spec, int[] shape)
    {
        Sequential network = spec.Build(shape, 3);
        network.Initialize(5);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Types(network)));
        foreach ((string name, Tensor tensor) in ModuleState.Tensors(network))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(tensor.DType == DType.Float32
                ? MemoryMarshal.AsBytes(tensor.ToArray<float>().AsSpan())
                : MemoryMarshal.AsBytes(tensor.ToArray<double>().AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static string Types(Module module) =>
        $"{module.GetType().Name}[{string.Join(' ', module.Modules.Select(part => part.Name + Types(part.Module)))}]";

    private static IEnumerable<(string Key, NetworkSpec Spec)> Variants(string model)
    {
        NetworkSpec plain = NetworkSpec.Parse(model);
        yield return ("plain", plain);
        if (model == "linear")
        {
            yield return ("softmax bias", plain with { OutputActivation = "softmax", BiasInitializer = Initializer.Constant(0.5) });
            yield return ("sigmoid orthogonal", plain with { OutputActivation = "sigmoid", Initializer = Initializer.Orthogonal() });
            yield break;
        }

        yield return ("tanh", plain.WithActivation("tanh"));
        yield return ("prelu bias", plain.WithActivation("prelu") with { BiasInitializer = Initializer.Constant(0.125) });
        yield return ("prelu batch", plain.WithActivation("prelu") with { BatchNorm = true });
        yield return ("selu alpha dropout", plain.WithActivation("selu") with { Dropout = 0.1, DropoutKind = DropoutKind.Alpha });
        yield return ("dropout later", plain with { Dropout = 0.2, DropoutScaling = DropoutScaling.AtEvaluation });
        yield return ("orthogonal", plain with { Initializer = Initializer.Orthogonal(2), OutputActivation = "log_softmax" });
        yield return ("xavier bias", plain with { Initializer = Initializer.XavierNormal(), BiasInitializer = Initializer.Normal(0.1) });
        yield return ("norm None", plain);
        yield return ("norm None after", plain);
        foreach (string name in Settings.Forms<Normalization>()
            .Where(form => form.Type.Assembly == typeof(Normalization).Assembly).Select(form => form.Name))
        {
            bool isImage = model[0] is 'c' or 'r';
            if (isImage ? name == "rms" : name == "instance")
                continue;
            Normalization normalization = Settings.Parse<Normalization>(name);
            string title = $"norm {char.ToUpperInvariant(name[0])}{name[1..]}";
            yield return (title, plain with { Normalization = normalization });
            yield return ($"{title} after", plain with { Normalization = normalization with { AfterActivation = true } });
        }

        yield return ("groups", plain with { Normalization = new GroupNormalization(1) });
        yield return ("batch options", plain with
        {
            Normalization = new BatchNormalization { Affine = false, Momentum = null },
            DropPath = model[0] == 'r' ? 0.3 : 0,
        });
        if (model[0] == 'm')
        {
            yield return ("maxout", plain.WithActivation("maxout(3)"));
            yield return ("maxout layer bias",
                plain.WithActivation("maxout") with
                {
                    Normalization = new LayerNormalization(),
                    BiasInitializer = Initializer.Constant(1),
                });
        }
    }
}
