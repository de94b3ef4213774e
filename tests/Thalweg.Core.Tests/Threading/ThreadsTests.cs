namespace Thalweg.Core.Tests.Threading;

[Collection("threads")]
public sealed class ThreadsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1025)]
    public void A_count_out_of_range_is_refused_and_changes_nothing(int count)
    {
        int before = Threads.Count;
        Should.Throw<ThalwegException>(() => Threads.Count = count).Message
            .ShouldBe($"[threads] expected a number of threads from 1 to 1024, got {count}; set Threads.Count to one in that range");
        Threads.Count.ShouldBe(before);
    }

    [Fact]
    public void A_count_in_range_is_kept()
    {
        using ThreadCount _ = new(1024);
        Threads.Count.ShouldBe(1024);
        Threads.Count = 1;
        Threads.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Each_piece_of_work_runs_once(int threads)
    {
        using ThreadCount _ = new(threads);
        foreach (int pieces in new[] { 0, 1, 2, 37 })
        {
            int[] runs = new int[pieces];
            Threads.Run(pieces, piece => Interlocked.Increment(ref runs[piece]));
            runs.ShouldAllBe(count => count == 1);
        }

        Should.Throw<InvalidDataException>(() => Threads.Run(9, piece => throw new InvalidDataException($"{piece}")));
        Should.Throw<ThalwegException>(() => Threads.Run(-1, _ => { })).Message.ShouldContain("got -1");
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("1024", 1024)]
    public void The_variable_sets_the_default(string setting, int count) => Threads.Parse(setting).ShouldBe(count);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void Without_the_variable_each_processor_gets_a_thread(string? setting) =>
        Threads.Parse(setting).ShouldBe(Math.Min(Environment.ProcessorCount, Threads.Maximum));

    [Theory]
    [InlineData("0")]
    [InlineData("-2")]
    [InlineData("2.5")]
    [InlineData("two")]
    [InlineData("1025")]
    [InlineData("99999999999")]
    public void A_variable_that_is_no_count_is_refused(string setting) =>
        Should.Throw<ThalwegException>(() => Threads.Parse(setting)).Message
            .ShouldBe($"[threads] expected THALWEG_THREADS to be a whole number from 1 to 1024, got '{setting}'; change or unset it");
}
