using BenchmarkDotNet.Attributes;

namespace Thalweg.Bench.Micro;

/// <summary>Operations of a dense network's step, forward, in a step scope whose objects are used again.</summary>
[MemoryDiagnoser]
public class OperationBenchmarks
{
    private readonly StepMemory _memory = new() { RecycleHandles = true };
    private Tensor _x = Tensor.Zeros([1]), _weight = Tensor.Zeros([1]), _bias = Tensor.Zeros([1]), _logits = Tensor.Zeros([1]),
        _labels = Tensor.Zeros([1]);

    [GlobalSetup]
    public void Prepare()
    {
        RandomStream stream = new(1, RandomPurpose.User);
        _x = Tensor.Normal([64, 784], 0, 1, ref stream);
        _weight = Tensor.Normal([784, 256], 0, 0.05, ref stream);
        _bias = Tensor.Zeros([256]);
        _logits = Tensor.Normal([64, 10], 0, 1, ref stream);
        _labels = Tensor.Zeros([64], DType.Int32);
    }

    [Benchmark]
    public void Linear()
    {
        using StepScope scope = _memory.Begin();
        _x.Linear(_weight, _bias, Activation.Relu);
    }

    [Benchmark]
    public void Exp()
    {
        using StepScope scope = _memory.Begin();
        _x.Exp();
    }

    [Benchmark]
    public void Tanh()
    {
        using StepScope scope = _memory.Begin();
        _x.Tanh();
    }

    [Benchmark]
    public void SumOfColumns()
    {
        using StepScope scope = _memory.Begin();
        _x.Sum(0);
    }

    [Benchmark]
    public void SoftmaxCrossEntropy()
    {
        using StepScope scope = _memory.Begin();
        _logits.SoftmaxCrossEntropy(_labels);
    }
}
