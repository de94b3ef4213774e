namespace Thalweg;

/// <summary>Names that other libraries and texts have for what is called otherwise here, for messages that say what was meant.</summary>
public static class Aliases
{
    private static readonly Dictionary<string, string> s_names = new()
    {
        ["a"] = "slope",
        ["agc"] = "clip_by_unit",
        ["bce"] = "binary_cross_entropy",
        ["bce_with_logits"] = "binary_cross_entropy",
        ["beta1"] = "b1",
        ["beta2"] = "b2",
        ["binary_crossentropy"] = "binary_cross_entropy",
        ["categorical_crossentropy"] = "softmax_cross_entropy",
        ["clip_norm"] = "clip_by_global_norm",
        ["clip_value"] = "clip_by_value",
        ["conjugate_gradient"] = "nonlinear_cg",
        ["crop"] = "random_crop",
        ["cross_entropy"] = "softmax_cross_entropy",
        ["crossentropy"] = "softmax_cross_entropy",
        ["dogleg"] = "trust_region",
        ["elastic"] = "elastic_net",
        ["ema"] = "average_weights",
        ["eps"] = "epsilon",
        ["erase"] = "random_erase",
        ["flip"] = "random_flip",
        ["gaussian_nll"] = "gaussian",
        ["glorot_normal"] = "xavier_normal",
        ["glorot_uniform"] = "xavier_uniform",
        ["gradient_noise"] = "add_noise",
        ["heavy_ball"] = "momentum",
        ["hessian_free"] = "newton_cg",
        ["inverse_sqrt"] = "inverse_root",
        ["kaiming_normal"] = "he_normal",
        ["kaiming_uniform"] = "he_uniform",
        ["kl_div"] = "kullback_leibler",
        ["kl_divergence"] = "kullback_leibler",
        ["l1_loss"] = "absolute_error",
        ["lasso"] = "l1",
        ["lm"] = "levenberg_marquardt",
        ["log_loss"] = "softmax_cross_entropy",
        ["lr"] = "learning_rate",
        ["mae"] = "absolute_error",
        ["max_norm"] = "project_max_norm",
        ["mean_absolute_error"] = "absolute_error",
        ["momentum"] = "mu",
        ["mse"] = "mean_squared_error",
        ["mse_loss"] = "mean_squared_error",
        ["msra"] = "he_normal",
        ["multilabel_margin"] = "multi_label_margin",
        ["multilabel_soft_margin"] = "multi_label_soft_margin",
        ["nag"] = "nesterov",
        ["nll"] = "negative_log_likelihood",
        ["nll_loss"] = "negative_log_likelihood",
        ["noam"] = "inverse_root",
        ["plateau"] = "reduce_on_plateau",
        ["poisson_nll"] = "poisson",
        ["polyak"] = "average_weights",
        ["reduce_lr_on_plateau"] = "reduce_on_plateau",
        ["ridge"] = "l2",
        ["rotate"] = "random_rotation",
        ["saddle_free_newton"] = "newton",
        ["sgdm"] = "momentum",
        ["sgdr"] = "cosine_restarts",
        ["shift"] = "random_shift",
        ["smooth_l1"] = "smooth_absolute_error",
        ["sparse_categorical_crossentropy"] = "softmax_cross_entropy",
        ["squared_error"] = "mean_squared_error",
        ["steihaug"] = "trust_region",
        ["swa"] = "average_weights",
        ["triangular"] = "cyclic",
        ["unit_norm"] = "project_unit_norm",
        ["warm_restarts"] = "cosine_restarts",
        ["warm_up"] = "warmup",
        ["weight_decay"] = "decay",
    };

    /// <summary>What a name stands for among those that are known here; null where it stands for none of them.</summary>
    /// <param name="name">The name as it was written, in any case, with <c>-</c> or <c>_</c> between words.</param>
    /// <param name="known">The names that are known where it was written.</param>
    public static string? Find(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        string plain = name.ToLowerInvariant().Replace('-', '_');
        string meant = s_names.GetValueOrDefault(plain, plain);
        return known.FirstOrDefault(candidate => candidate == plain || candidate == meant);
    }
}
