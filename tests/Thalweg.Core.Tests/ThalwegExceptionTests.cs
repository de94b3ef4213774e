namespace Thalweg.Tests;

public sealed class ThalwegExceptionTests
{
    [Theory]
    [InlineData("a plain line, with ä and 𝛼", "a plain line, with ä and 𝛼")]
    [InlineData("got 'x\r\ny'", "got 'x  y'")]
    [InlineData("got '\u001b[2J\0\u0085\u2028\u2029'", "got ' [2J    '")]
    public void A_message_is_one_line_whatever_it_quotes(string message, string expected)
    {
        new ThalwegException(message).Message.ShouldBe(expected);
        new ThalwegException(message, new InvalidOperationException()).Message.ShouldBe(expected);
    }
}
