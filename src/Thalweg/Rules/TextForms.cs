using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Schedules;

namespace Thalweg.Rules;

/// <summary>All records that have a text form: one line each.</summary>
internal static class TextForms
{
    private static readonly TextForm[] _forms =
    [
        TextForm.Of<Accumulate>(),
        TextForm.Of<AddDecayedWeights>(),
        TextForm.Of<AddNoise>(),
        TextForm.Of<AddSign>(),
        TextForm.Of<AverageWeights>(),
        TextForm.Of<Centralize>(),
        TextForm.Of<ClipByGlobalNorm>(),
        TextForm.Of<ClipByUnit>(),
        TextForm.Of<ClipByValue>(),
        TextForm.Of<ClipEach>(),
        TextForm.Of<DecayWhere>(),
        TextForm.Of<FollowRegularizedLeader>(),
        TextForm.Of<Freeze>(),
        TextForm.Of<Lookahead>(),
        TextForm.Of<Orthogonalize>(),
        TextForm.Of<ProjectMaxNorm>(),
        TextForm.Of<ProjectUnitNorm>(),
        TextForm.Of<ReduceOnPlateau>(),
        TextForm.Of<Scale>(),
        TextForm.Of<ScaleByAdaDelta>("scale_by_adadelta"),
        TextForm.Of<ScaleByAdafactor>(),
        TextForm.Of<ScaleByAdaGrad>("scale_by_adagrad"),
        TextForm.Of<ScaleByAdam>(),
        TextForm.Of<ScaleByAdaMax>("scale_by_adamax"),
        TextForm.Of<ScaleByAdan>(),
        TextForm.Of<ScaleByBelief>(),
        TextForm.Of<ScaleByDeltaBarDelta>(),
        TextForm.Of<ScaleByDepth>(),
        TextForm.Of<ScaleByGains>(),
        TextForm.Of<ScaleByKfac>(),
        TextForm.Of<ScaleByLearningRate>(),
        TextForm.Of<ScaleByLion>(),
        TextForm.Of<ScaleByMomentum>(),
        TextForm.Of<ScaleByNAdam>("scale_by_nadam"),
        TextForm.Of<ScaleByProdigy>(),
        TextForm.Of<ScaleByRAdam>("scale_by_radam"),
        TextForm.Of<ScaleByRms>(),
        TextForm.Of<ScaleByRprop>(),
        TextForm.Of<ScaleByShampoo>(),
        TextForm.Of<ScaleBySoap>(),
        TextForm.Of<ScaleBySophia>(),
        TextForm.Of<ScaleByTrustRatio>(),
        TextForm.Of<ScaleByYogi>(),
        TextForm.Of<ScaleWhere>(),
        TextForm.Of<ScheduleFree>(),
        TextForm.Of<SharpnessAware>(),
        TextForm.Of<ShrinkWeights>(),
        TextForm.Of<SkipNonFinite>(),

        TextForm.Of<AdaBelief>("adabelief"),
        TextForm.Of<AdaDelta>("adadelta"),
        TextForm.Of<Adafactor>(),
        TextForm.Of<AdaGrad>("adagrad"),
        TextForm.Of<Adam>(),
        TextForm.Of<AdaMax>("adamax"),
        TextForm.Of<AdamW>("adamw"),
        TextForm.Of<Adan>(),
        TextForm.Of<AmsGrad>("amsgrad"),
        TextForm.Of<Asam>(),
        TextForm.Of<Asgd>(),
        TextForm.Of<DeltaBarDelta>(),
        TextForm.Of<Ftrl>(),
        TextForm.Of<Gains>(),
        TextForm.Of<Kfac>(),
        TextForm.Of<Lamb>(),
        TextForm.Of<Lars>(),
        TextForm.Of<Lion>(),
        TextForm.Of<Momentum>(),
        TextForm.Of<Muon>(),
        TextForm.Of<NAdam>("nadam"),
        TextForm.Of<Nesterov>(),
        TextForm.Of<Prodigy>(),
        TextForm.Of<RAdam>("radam"),
        TextForm.Of<RmsProp>("rmsprop"),
        TextForm.Of<Rprop>(),
        TextForm.Of<Sam>(),
        TextForm.Of<ScheduleFreeAdamW>("schedule_free_adamw"),
        TextForm.Of<ScheduleFreeSgd>(),
        TextForm.Of<Sgd>(),
        TextForm.Of<Shampoo>(),
        TextForm.Of<Soap>(),
        TextForm.Of<Sophia>(),
        TextForm.Of<Yogi>(),

        TextForm.Of<Bfgs>(),
        TextForm.Of<CoordinateDescent>(),
        TextForm.Of<GaussNewton>(),
        TextForm.Of<Lbfgs>(),
        TextForm.Of<LevenbergMarquardt>(),
        TextForm.Of<Newton>(),
        TextForm.Of<NewtonCg>(),
        TextForm.Of<NonlinearCg>(),
        TextForm.Of<TrustRegion>(),

        TextForm.Of<CutMix>("cutmix"),
        TextForm.Of<ElasticNet>(),
        TextForm.Of<GradientPenalty>(),
        TextForm.Of<InputNoise>(),
        TextForm.Of<L1Penalty>("l1"),
        TextForm.Of<L2Penalty>("l2"),
        TextForm.Of<LabelSmoothing>(),
        TextForm.Of<Mixup>(),
        TextForm.Of<RandomCrop>(),
        TextForm.Of<RandomErase>(),
        TextForm.Of<RandomFlip>(),
        TextForm.Of<RandomRotation>(),
        TextForm.Of<RandomShift>(),
        TextForm.Of<WeightGradientPenalty>(),

        TextForm.Of<ConstantSchedule>("constant"),
        TextForm.Of<CorrectionSchedule>("correction"),
        TextForm.Of<CosineRestartsSchedule>("cosine_restarts"),
        TextForm.Of<CosineSchedule>("cosine"),
        TextForm.Of<CyclicSchedule>("cyclic"),
        TextForm.Of<ExponentialSchedule>("exponential"),
        TextForm.Of<GrowthSchedule>("growth"),
        TextForm.Of<InverseRootSchedule>("inverse_root"),
        TextForm.Of<InverseTimeSchedule>("inverse_time"),
        TextForm.Of<LinearSchedule>("linear"),
        TextForm.Of<MinimumSchedule>("minimum"),
        TextForm.Of<MultiStepSchedule>("multi_step"),
        TextForm.Of<OneCycleSchedule>("one_cycle"),
        TextForm.Of<PolynomialSchedule>("polynomial"),
        TextForm.Of<ProductSchedule>("product"),
        TextForm.Of<SequenceSchedule>("sequence"),
        TextForm.Of<StepSchedule>("step"),
    ];

    private static readonly Dictionary<Type, TextForm> _byType = _forms.ToDictionary(form => form.Type);

    /// <summary>The forms of one kind: rules, named optimizers, regularizers or schedules.</summary>
    public static IEnumerable<TextForm> Kind<TKind>() => _forms.Where(form => form.Type.IsAssignableTo(typeof(TKind)));

    /// <summary>The name of a record; for one from outside the library, that of its type.</summary>
    public static string NameOf(Type type) => _byType.TryGetValue(type, out TextForm? form) ? form.Name : TextForm.Snake(type.Name);

    /// <summary>The text of a record; for one from outside the library, its name alone.</summary>
    public static string Print(Described record) =>
        _byType.TryGetValue(record.GetType(), out TextForm? form) ? form.Print(record) : $"{NameOf(record.GetType())}(...)";
}
