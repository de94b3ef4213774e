using Thalweg.Losses;
using Thalweg.Rules;

namespace Thalweg.Training;

/// <summary>Takes the factors of K-FAC from what the forward pass recorded.</summary>
/// <remarks>
/// The derivatives are those for targets drawn from the network's own prediction, so that the factors are those of the Fisher matrix:
/// softmax
/// cross-entropy draws classes, binary cross-entropy yes or no, squared error adds noise of variance 1/2. For other losses the true targets
/// stand in, which gives the empirical Fisher matrix. Samples count in the factors by their weights, those of their classes included.
/// Source: Martens and Grosse, 2015, section 5.
/// </remarks>
internal sealed class FactorCapture(ParameterVector parameters, ulong seed)
{
    private readonly Dictionary<int, LayerFactors> _sums = [];
    private readonly List<LayerFactors> _found = [];

    /// <summary>Searches that no micro-batch is at: shards are visited side by side.</summary>
    private readonly Stack<FactorSearch> _searches = new();
    private Action<MicroBatchObjective>? _visit;
    private StepObjective? _objective;
    private Loss? _loss;

    /// <summary>The factors over the samples of the step, good until the next call.</summary>
    public IReadOnlyList<LayerFactors> Take(StepObjective objective)
    {
        Clear();
        if (_objective != objective)
        {
            (_objective, _loss, _visit) = (objective, objective.Loss.Unweighted, Visit);
        }

        objective.Visit(_visit!);
        return _found;
    }

    private void Visit(MicroBatchObjective microBatch) => Add(microBatch, _loss!, _objective!.Step);

    /// <summary>The factors over one micro-batch.</summary>
    internal IReadOnlyList<LayerFactors> Of(MicroBatchObjective microBatch, Loss loss, long step)
    {
        Clear();
        Add(microBatch, loss.Unweighted, step);
        return _found;
    }

    /// <summary>Starts the sums again; their memory, which grows with the square of a layer's sides, stays.</summary>
    private void Clear()
    {
        foreach (LayerFactors sums in _sums.Values)
        {
            Array.Clear(sums.Inputs);
            Array.Clear(sums.Cotangents);
        }

        _found.Clear();
    }

    private void Add(MicroBatchObjective microBatch, Loss loss, long step)
    {
        RandomStream stream = new(seed, RandomPurpose.Curvature, ((ulong)microBatch.Index << 40) | (ulong)step);
        FactorSearch search = _searches.TryPop(out FactorSearch? spare) ? spare : new FactorSearch();
        if (search.Find(microBatch.Outputs, parameters.Leaves))
        {
            search.Differentiate(Drawn(microBatch, loss, ref stream));
            for (int i = 0; i < search.Uses.Count; i++)
            {
                Add(search.Uses[i], search.BeforeActivation(i), microBatch);
            }
        }

        search.Forget();
        _searches.Push(search);
    }

    /// <summary>Adds what entered a layer, and the cotangents of what it gave, each as rows.</summary>
    private void Add(in AffineUse use, Tensor before, in MicroBatchObjective microBatch)
    {
        ref readonly OpCall call = ref use.Output.Call;
        bool hasBias = call.Count > 2;
        double share = microBatch.Share;
        if (FactorSearch.ConvolutionOf(use) is { } convolution)
        {
            (int samples, int places) = (before.Shape[0], before.Shape[2] * before.Shape[3]);
            AddTo(
                use.Parameter, Weighted(Patches.Of(use.Output, convolution), microBatch), Weighted(Rows(before), microBatch),
                (share / samples, share / samples / places));
        }
        else
        {
            Tensor x = call[0];
            int samples = (int)(x.Length / x.Shape[-1]);
            Tensor rows = x.Detach().Reshape([samples, x.Shape[-1]]);
            rows = hasBias ? Tensor.Concatenate(1, rows, Tensor.Ones([samples, 1], x.DType)) : rows;
            AddTo(
                use.Parameter, Weighted(rows, microBatch), Weighted(before.Reshape([samples, before.Shape[-1]]), microBatch),
                (share / samples, share / samples));
        }
    }

    /// <summary>Rows times the root of their sample's weight over the mean weight, so that products of rows count by it.</summary>
    private static Tensor Weighted(Tensor rows, in MicroBatchObjective microBatch)
    {
        int samples = microBatch.Outputs.Shape[0];
        if (microBatch.SampleWeights is not { } weights || rows.Shape[0] % samples != 0)
        {
            return rows;
        }

        double mean = Loss.SumOf(weights) / samples;
        Tensor roots = weights.Multiply(mean > 0 ? 1 / mean : 0).Sqrt();
        int width = rows.Shape[1];
        return rows.Reshape([samples, rows.Shape[0] / samples * width]).Multiply(roots.Reshape([samples, 1]))
            .Reshape([rows.Shape[0], width]);
    }

    /// <summary>The loss of each sample for drawn targets, summed; scaled so that g g' has the scale of the mean loss.</summary>
    private static Tensor Drawn(MicroBatchObjective microBatch, Loss loss, ref RandomStream stream)
    {
        Tensor y = microBatch.Outputs;
        int samples = y.Shape[0];
        switch (loss)
        {
            case CrossEntropyLoss when y.Rank == 2:
                return Loss.SoftmaxCrossEntropy.Compute(y, CurvatureEstimate.DrawClasses(y.Detach().Softmax(), ref stream), Reduction.Sum);
            case BinaryCrossEntropyLoss:
                return Loss.BinaryCrossEntropy.Compute(y, DrawBits(y.Detach().Sigmoid(), ref stream), Reduction.Sum)
                    .Multiply(Math.Sqrt((double)samples / y.Length));
            case MeanSquaredErrorLoss:
                Tensor noise = Tensor.Normal(y.Shape, 0, Math.Sqrt(0.5), ref stream, y.DType);
                return Loss.MeanSquaredError.Compute(y, y.Detach().Add(noise), Reduction.Sum)
                    .Multiply(Math.Sqrt((double)samples / y.Length));
            default:
                return loss.Compute(y, microBatch.Targets, Reduction.Sum);
        }
    }

    private static Tensor DrawBits(Tensor probabilities, ref RandomStream stream)
    {
        Tensor packed = probabilities.AsContiguous(), bits = Tensor.Zeros(packed.Shape, packed.DType);
        for (long i = 0; i < packed.Length; i++)
        {
            bits.Write(i, stream.NextDouble() < packed.Read(i) ? 1 : 0);
        }

        return bits;
    }

    /// <summary>[batch, channels, height, width] as one row of channels for each place.</summary>
    private static Tensor Rows(Tensor images)
    {
        int channels = images.Shape[1];
        return images.Reshape([images.Shape[0], channels, images.Shape[2] * images.Shape[3]]).Transpose()
            .Reshape([(int)(images.Length / channels), channels]);
    }

    private void AddTo(int segment, Tensor inputs, Tensor outputs, (double Inputs, double Outputs) weights)
    {
        (int width, int height) = (inputs.Shape[1] * inputs.Shape[1], outputs.Shape[1] * outputs.Shape[1]);
        if (!_sums.TryGetValue(segment, out LayerFactors? sums) || sums.Inputs.Length != width || sums.Cotangents.Length != height)
        {
            _sums[segment] = sums = new LayerFactors(segment, new double[width], new double[height]);
        }

        if (!_found.Contains(sums))
        {
            _found.Add(sums);
        }

        AddProduct(inputs, weights.Inputs, sums.Inputs);
        AddProduct(outputs, weights.Outputs, sums.Cotangents);
    }

    private static void AddProduct(Tensor rows, double weight, double[] sum)
    {
        using NoGrad silence = NoGrad.Begin();
        Tensor product = rows.Transpose().MatMul(rows).AsContiguous();
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += weight * product.Read(i);
        }
    }
}
