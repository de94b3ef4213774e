using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Tests.Rules;

public sealed class RuleTextTests
{
    [Fact]
    public void A_chain_prints_what_runs()
    {
        Chain chain =
        [
            new ClipByGlobalNorm(1), new ScaleByAdam(), new AddDecayedWeights(0.01),
            new ScaleByLearningRate(new CosineSchedule(1e-3, 1000) { Warmup = 100 }),
        ];
        chain.ToString().ShouldBe(
            "chain(clip_by_global_norm(1, order=2), scale_by_adam(b1=0.9, b2=0.999, epsilon=1e-8), add_decayed_weights(0.01), " +
            "scale_by_learning_rate(cosine(0.001, 1000, warmup=100)))");
        ChainText.Parse(chain.ToString()).ShouldBe(chain);
    }

    [Fact]
    public void Leading_parameters_may_be_named_and_defaults_left_out() =>
        ChainText.Parse("chain( clip_by_global_norm(maximum=1) ,scale_by_adam, add_decayed_weights(0.01), " +
            "scale_by_learning_rate(cosine(1e-3, steps=1000, warmup=100)))")
            .ShouldBe([
                new ClipByGlobalNorm(1), new ScaleByAdam(), new AddDecayedWeights(0.01),
                new ScaleByLearningRate(new CosineSchedule(1e-3, 1000) { Warmup = 100 })]);

    [Theory]
    [InlineData("adam", "adam(0.001, b1=0.9, b2=0.999, epsilon=1e-8)")]
    [InlineData("adamw(0.01, decay_form=l2)", "adamw(0.01, b1=0.9, b2=0.999, epsilon=1e-8, decay=0.01, decay_form=l2)")]
    [InlineData("adamw(decay=0)", "adamw(0.001, b1=0.9, b2=0.999, epsilon=1e-8, decay=0)")]
    [InlineData("momentum(0.1, form=averaged, debias=true)", "momentum(0.1, mu=0.9, form=averaged, debias=true)")]
    [InlineData("sgd(linear(0.1, 10), decay=1e-4, decay_scope=everything, maximize=true)", "sgd(linear(0.1, 10), decay=0.0001, " +
        "decay_scope=everything, maximize=true)")]
    public void Named_optimizers_print_and_read_back(string text, string printed)
    {
        NamedOptimizer optimizer = Settings.Parse<NamedOptimizer>(text);
        optimizer.ToString().ShouldBe(printed);
        Settings.Parse<NamedOptimizer>(printed).ShouldBe(optimizer);
        ChainText.Parse(text).ShouldBe(optimizer.Chain);
    }

    [Theory]
    [InlineData("freeze('0.*')", "freeze(0.*)")]
    [InlineData("freeze(\"*.bias\")", "freeze(*.bias)")]
    [InlineData("freeze('block [1]')", "freeze('block [1]')")]
    public void A_pattern_of_names_may_stand_in_quotation_marks(string text, string printed)
    {
        Chain chain = ChainText.Parse($"chain({text}, sgd(0.1))");
        chain[0].ToString().ShouldBe(printed);
        ChainText.Parse(chain.ToString()).ShouldBe(chain);
    }

    [Theory]
    [InlineData("chain(clip_by_unit(0.1), momentum(0.1))", "u_i = g_i min(1, c max(|w_i|, e)/|g_i|) for each unit i; v = mu v + u, " +
        "u = v; u = -lr u; w = w + u")]
    [InlineData("nesterov(form=look_ahead)", "u = -lr g; v = mu v + u, u = v, g taken at w + mu v; w = w + u")]
    [InlineData("chain(sharpness_aware(0.1), sgd(1), average_weights(form=exponential))", "u = g, taken at w + rho g_0/|g_0|, g_0 the " +
        "gradient at w; u = -lr u; a = a + mu (w + u - a), mu = 1-decay where t > max(1, start), else 1; w = w + u")]
    [InlineData("chain(centralize, scale_by_shampoo, scale(-1))", "u_i = g_i - mean(g_i) for each unit i; L = L + U U', R = R + U' U, " +
        "u = (L + e)^-1/4 U (R + e)^-1/4 with roots of every 10 steps, and new ones where |u| exceeds their bound; " +
        "vectors: s = s + u^2, u = u/sqrt(s + e); u = factor u; w = w + u")]
    public void The_formula_of_a_chain_names_what_each_rule_receives(string text, string formula) =>
        ChainText.Parse(text).Formula.ShouldBe(formula);

    [Fact]
    public void A_named_optimizer_takes_other_settings_by_with()
    {
        NamedOptimizer optimizer = Settings.Parse<NamedOptimizer>("adam") with { LearningRate = 0.5, Decay = 0.1 };
        optimizer.ShouldBe(new Adam(0.5) { Decay = 0.1 });
    }

    [Theory]
    [InlineData("adm", "[settings] unknown rule or optimizer 'adm'; did you mean adam?")]
    [InlineData("chain(scale_by_adm)", "[settings] unknown rule 'scale_by_adm'; did you mean scale_by_adam?")]
    [InlineData("adam(rate=1)", "[adam] unknown parameter 'rate'; choose one of learning_rate, b1, b2, epsilon, form, ams_grad, decay, " +
        "decay_form, decay_scope, maximize")]
    [InlineData("adam(epsilom=1)", "[adam] unknown parameter 'epsilom'; did you mean epsilon?")]
    [InlineData("adam(form=seperate)", "[adam] expected form to be one of separate, folded, no_epsilon, got 'seperate'; choose a value " +
        "in that range")]
    [InlineData("adam(maximize=1)", "[adam] expected maximize to be one of true, false, got '1'; choose a value in that range")]
    [InlineData("sgd(cosin(1, 2))", "[settings] unknown number or schedule 'cosin'; did you mean cosine?")]
    [InlineData("sgd(cosine(1, 2.5))", "[cosine] expected steps to be a whole number, got '2.5'; choose a value in that range")]
    [InlineData("sgd(cosine(x, 2))", "[cosine] expected start to be a number, got 'x'; choose a value in that range")]
    [InlineData("sgd(cosine(1))", "[cosine] expected start, steps, got 1 of them; give all")]
    [InlineData("sgd(1, 2)", "[sgd] expected at most 1 parameters without a name, got more; name them: learning_rate, decay, decay_form, " +
        "decay_scope, maximize")]
    [InlineData("sgd(1, learning_rate=2)", "[sgd] expected learning_rate once, got it twice; leave one out")]
    [InlineData("sgd(1", "[settings] expected ',' or ')' at character 6, found the end; write it as in scale_by_adam(b1=0.9)")]
    [InlineData("sgd(1))", "[settings] expected the end at character 7, found ')'; write it as in scale_by_adam(b1=0.9)")]
    [InlineData("sgd(,)", "[settings] expected a name or a number at character 5, found ','; write it as in scale_by_adam(b1=0.9)")]
    [InlineData("", "[settings] expected a name or a number at character 1, found the end; write it as in scale_by_adam(b1=0.9)")]
    [InlineData("freeze('0.*)", "[settings] expected a closing ' at character 13, found the end; write it as in scale_by_adam(b1=0.9)")]
    [InlineData("chain(adam(0.1), scale_by_learning_rate(0.5))", "[chain] found a second learning rate, scale_by_learning_rate(0.5), " +
        "whose sign would make the weights climb; leave it out")]
    [InlineData("chain()", "[chain] expected at least one rule, got none; add scale_by_learning_rate(0.01)")]
    public void What_is_not_known_is_refused_in_one_line(string text, string message) =>
        Should.Throw<ThalwegException>(() => ChainText.Parse(text)).Message.ShouldBe(message);

    [Theory]
    [InlineData("chain(clip_by_global_norm(1), adam(b1=.8), scale(-1e-3))", "chain(clip_by_global_norm(1), scale_by_adam(b1=0.8), " +
        "scale(-0.001))")]
    [InlineData("chain(clip_by_global_norm(1), adamw(0.01))", "chain(clip_by_global_norm(1), scale_by_adam, add_decayed_weights(0.01), " +
        "scale_by_learning_rate(0.01))")]
    [InlineData("chain(sgd(learning_rate=0.5), shrink_weights(0.1))", "chain(scale_by_learning_rate(0.5), shrink_weights(0.1))")]
    public void Optimizers_stand_for_their_rules_in_a_chain(string text, string same) =>
        ChainText.Parse(text).ShouldBe(ChainText.Parse(same));

    [Fact]
    public void An_optimizer_without_a_rate_at_the_end_of_a_chain_is_refused() =>
        Should.Throw<ThalwegException>(() => ChainText.Parse("chain(clip_by_global_norm(1), adam)")).Message
            .ShouldBe(
                "[chain] expected a rate for adam in a chain, got none; write adam(0.001), or end with scale_by_learning_rate(0.001)");

    [Fact]
    public void Hostile_nesting_is_refused() =>
        Should.Throw<ThalwegException>(() => ChainText.Parse(string.Concat(Enumerable.Repeat("scale(", 100_000)))).Message.ShouldContain(
            "at most 64 nested parentheses");

    [Fact]
    public void Every_record_of_the_library_is_registered()
    {
        Type[] records =
            [.. typeof(Described).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(Described)) && !type.IsAbstract)];
        string[] names = [.. Settings.Forms<Described>().Where(form => records.Contains(form.Type)).Select(form => form.Name)];
        names.Length.ShouldBe(records.Length);
        names.ShouldBeUnique();
    }

    [Fact]
    public void Every_optimizer_describes_what_runs()
    {
        foreach (string name in Settings.Names<NamedOptimizer>())
        {
            string[] lines = Settings.Parse<NamedOptimizer>(name).Describe().Split(Environment.NewLine);
            lines.Length.ShouldBe(3);
            lines[0].ShouldStartWith(name + "(");
            lines[1].ShouldEndWith("w = w + u");
            lines[2].Length.ShouldBeGreaterThan(20);
        }
    }

    [Theory]
    [InlineData("scale_by_adam", "v^", "sqrt(v/(1-b2^t)) + e")]
    [InlineData("scale_by_adam(form=folded)", "", "sqrt(1-b2^t)/(1-b1^t) m/(sqrt(v) + e)")]
    [InlineData("scale_by_momentum(nesterov=rearranged)", "", "u = g + mu v")]
    [InlineData("scale_by_momentum(form=averaged, debias=true)", "", "u = v/(1-mu^t)")]
    [InlineData("scale_by_momentum(dampening=0.5)", "", "v = g at t = 1")]
    [InlineData("clip_by_global_norm(1, denominator=norm_plus_offset)", "", "1e-6")]
    public void The_formula_is_that_of_the_form(string text, string absent, string present)
    {
        string formula = ChainText.Parse(text)[0].Formula;
        formula.ShouldContain(present);
        if (absent.Length > 0)
            formula.ShouldNotContain(absent);
    }
}
