using Thalweg.Optimizers;
using Thalweg.Schedules;

namespace Thalweg.Rules;

/// <summary>All records that have a text form: one line each.</summary>
internal static class TextForms
{
    private static readonly TextForm[] _forms =
    [
        TextForm.Of<AddDecayedWeights>(),
        TextForm.Of<AddSign>(),
        TextForm.Of<ClipByGlobalNorm>(),
        TextForm.Of<ClipByValue>(),
        TextForm.Of<Scale>(),
        TextForm.Of<ScaleByAdam>(),
        TextForm.Of<ScaleByLearningRate>(),
        TextForm.Of<ScaleByMomentum>(),
        TextForm.Of<ShrinkWeights>(),

        TextForm.Of<Adam>(),
        TextForm.Of<AdamW>("adamw"),
        TextForm.Of<Momentum>(),
        TextForm.Of<Nesterov>(),
        TextForm.Of<Sgd>(),

        TextForm.Of<ConstantSchedule>("constant"),
        TextForm.Of<CosineSchedule>("cosine"),
        TextForm.Of<LinearSchedule>("linear"),
    ];

    private static readonly Dictionary<Type, TextForm> _byType = _forms.ToDictionary(form => form.Type);

    /// <summary>The forms of one kind: rules, named optimizers or schedules.</summary>
    public static IEnumerable<TextForm> Kind<TKind>() => _forms.Where(form => form.Type.IsAssignableTo(typeof(TKind)));

    /// <summary>The name of a record; for one from outside the library, that of its type.</summary>
    public static string NameOf(Type type) => _byType.TryGetValue(type, out TextForm? form) ? form.Name : TextForm.Snake(type.Name);

    /// <summary>The text of a record; for one from outside the library, its name alone.</summary>
    public static string Print(Described record) =>
        _byType.TryGetValue(record.GetType(), out TextForm? form) ? form.Print(record) : $"{NameOf(record.GetType())}(...)";
}
