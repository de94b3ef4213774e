namespace Thalweg.Core.Tests.Tensors;

public sealed class StepScopeTests
{
    [Fact]
    public void A_tensor_used_after_its_scope_names_the_operation_that_made_it()
    {
        Tensor x = Tensor.Ones([4]), y;
        using (StepScope.Begin())
            y = x.Exp();

        Should.Throw<ThalwegException>(() => y.Sum())
            .Message.ShouldBe(
                "[exp] expected a tensor whose step scope is still open, got one whose scope has ended; call Clone() inside the scope to copy it out");
        y.ToString().ShouldContain("(released)");
        for (int i = 0; i < 3; i++)
        {
            using StepScope scope = StepScope.Begin();
            x.Log().Sum();
            Should.Throw<ThalwegException>(() => y.Sum());
        }
    }

    [Fact]
    public void Kept_tensors_and_those_from_before_live_on()
    {
        Tensor x = Tensor.Ones([4]), kept;
        using (StepScope.Begin())
            kept = x.Multiply(3).Clone();

        kept.ToArray<float>().ShouldBe([3, 3, 3, 3]);
        x.Sum().Item().ShouldBe(4);
    }

    [Fact]
    public void Memory_is_used_again_and_never_shared_by_living_tensors()
    {
        StepMemory memory = new() { RecycleHandles = true };
        Tensor x = Tensor.Ones([1000]);
        for (int step = 0; step < 5; step++)
        {
            using StepScope scope = memory.Begin();
            Tensor a = x.Multiply(2), b = x.Multiply(3), c = a + b;
            a.Sum().Item().ShouldBe(2000);
            b.Sum().Item().ShouldBe(3000);
            c.Sum().Item().ShouldBe(5000);
        }

        long bytes = memory.Bytes;
        using (memory.Begin())
            x.Multiply(2);

        memory.Bytes.ShouldBe(bytes);
    }

    [Fact]
    public void Scopes_nest_and_one_memory_serves_one_scope()
    {
        StepMemory memory = new();
        using StepScope outer = memory.Begin();
        Tensor a = Tensor.Ones([3]).Multiply(2);
        using (StepScope.Begin())
            Tensor.Ones([3]).Multiply(5);

        a.Sum().Item().ShouldBe(6);
        Should.Throw<ThalwegException>(() => memory.Begin()).Message.ShouldContain("open the inner scope on its own StepMemory");
    }

    [Fact]
    public void A_steady_step_allocates_nothing()
    {
        StepMemory memory = new() { RecycleHandles = true };
        RandomStream stream = new(1, RandomPurpose.User);
        Tensor x = Tensor.Uniform([32, 20], -1, 1, ref stream), labels = Tensor.Zeros([32], DType.Int32);
        Tensor w = Leaf(Tensor.Uniform([20, 16], -1, 1, ref stream)), b = Leaf(Tensor.Zeros([16])),
            v = Leaf(Tensor.Uniform([16, 4], -1, 1, ref stream));
        Tensor gamma = Leaf(Tensor.Ones([16])), beta = Leaf(Tensor.Zeros([16]));
        Allocations.Fewest(Step, 50).ShouldBe(0);

        void Step()
        {
            using StepScope scope = memory.Begin();
            Tensor h = x.Linear(w, b, Activation.Relu).BatchNorm(gamma, beta, 1e-5, out _).Tanh()
                .Dropout(0.2, new RandomStream(1, RandomPurpose.Dropout));
            h.Linear(v).SoftmaxCrossEntropy(labels).Backward();
        }

        static Tensor Leaf(Tensor tensor)
        {
            tensor.RequiresGrad = true;
            return tensor;
        }
    }
}
