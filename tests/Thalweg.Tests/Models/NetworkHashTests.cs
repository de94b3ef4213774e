using Thalweg.Layers;

namespace Thalweg.Tests.Models;

/// <summary>Networks by their short forms start with the bits that they had before they were written out as lists of layers.</summary>
public sealed class NetworkHashTests
{
    private const string Known = """
        09fc90760ffaec83 linear plain
        e6389974f972f127 linear softmax bias
        9ed9bd878b5ff6ef linear sigmoid orthogonal
        6fc14f7fc0e174cd mlp:7,5 plain
        1ecde497b64646a1 mlp:7,5 tanh
        1f33e5e7f56479cf mlp:7,5 prelu bias
        0800ee0fd8ed5c21 mlp:7,5 prelu batch
        70f5c8991f30af7e mlp:7,5 selu alpha dropout
        6c43bbd751f6060a mlp:7,5 dropout later
        e426b49cc4cac612 mlp:7,5 orthogonal
        301d1d86c77f165a mlp:7,5 xavier bias
        6fc14f7fc0e174cd mlp:7,5 norm None
        6fc14f7fc0e174cd mlp:7,5 norm None after
        1100f13b913229a2 mlp:7,5 norm Batch
        9348e823f6f39bc2 mlp:7,5 norm Batch after
        8432413aaad36f38 mlp:7,5 norm Layer
        28b318fb852ff0f7 mlp:7,5 norm Layer after
        2075eb062cc1d3af mlp:7,5 norm Rms
        e785e4c3cec7e048 mlp:7,5 norm Rms after
        8947b3a4b479a72a mlp:7,5 norm Group
        f636aacab01967bd mlp:7,5 norm Group after
        0b2c5cf3fe5c5143 mlp:7,5 norm Weight
        0b2c5cf3fe5c5143 mlp:7,5 norm Weight after
        bd5d37c2a1deefa1 mlp:7,5 norm Spectral
        bd5d37c2a1deefa1 mlp:7,5 norm Spectral after
        8947b3a4b479a72a mlp:7,5 groups
        a300380d931978e6 mlp:7,5 batch options
        c078ae71a28a3bae mlp:7,5 maxout
        ce1ecbbb18c15df0 mlp:7,5 maxout layer bias
        19fd6627cdf17ce2 cnn:4x5,6+8 plain
        0c0ba52fc6a6bcc6 cnn:4x5,6+8 tanh
        2252588b975359bd cnn:4x5,6+8 prelu bias
        1269d0e6104368b1 cnn:4x5,6+8 prelu batch
        8ea48040660413cd cnn:4x5,6+8 selu alpha dropout
        ad297bc4046581e2 cnn:4x5,6+8 dropout later
        c9c79e837f08a7c4 cnn:4x5,6+8 orthogonal
        eb95106eb7f7cc82 cnn:4x5,6+8 xavier bias
        19fd6627cdf17ce2 cnn:4x5,6+8 norm None
        19fd6627cdf17ce2 cnn:4x5,6+8 norm None after
        383cf9e452783276 cnn:4x5,6+8 norm Batch
        9d22e54dc13af37c cnn:4x5,6+8 norm Batch after
        a439ce0678af1fa4 cnn:4x5,6+8 norm Layer
        1c82002ae0f7088a cnn:4x5,6+8 norm Layer after
        687c6047348e4056 cnn:4x5,6+8 norm Group
        305a7862ac48179e cnn:4x5,6+8 norm Group after
        40619f3271744c97 cnn:4x5,6+8 norm Instance
        c3df5b2d7c49a935 cnn:4x5,6+8 norm Instance after
        f5ae8c36c3242ef3 cnn:4x5,6+8 norm Weight
        f5ae8c36c3242ef3 cnn:4x5,6+8 norm Weight after
        449735ca44c13daa cnn:4x5,6+8 norm Spectral
        449735ca44c13daa cnn:4x5,6+8 norm Spectral after
        687c6047348e4056 cnn:4x5,6+8 groups
        5437121f4b6cb58d cnn:4x5,6+8 batch options
        955096e9a52322d4 cnn:3 plain
        49b09b7e6c4f1183 cnn:3 tanh
        74dc082cd5538379 cnn:3 prelu bias
        739935d57df3f152 cnn:3 prelu batch
        525bf4737de2590a cnn:3 selu alpha dropout
        9e7c5b3a130c4338 cnn:3 dropout later
        46661ae6a8dbb48c cnn:3 orthogonal
        83417bc14c267d72 cnn:3 xavier bias
        955096e9a52322d4 cnn:3 norm None
        955096e9a52322d4 cnn:3 norm None after
        4a366ecf57a7234e cnn:3 norm Batch
        65a7b6f90028cc25 cnn:3 norm Batch after
        14c1f94a87b1dba8 cnn:3 norm Layer
        3a0266fd1db18638 cnn:3 norm Layer after
        14c1f94a87b1dba8 cnn:3 norm Group
        3a0266fd1db18638 cnn:3 norm Group after
        05efc03570f07714 cnn:3 norm Instance
        e6433ed65ff985fc cnn:3 norm Instance after
        a37e9fd6210559d3 cnn:3 norm Weight
        a37e9fd6210559d3 cnn:3 norm Weight after
        63a3a4ef8cfbb3a3 cnn:3 norm Spectral
        63a3a4ef8cfbb3a3 cnn:3 norm Spectral after
        14c1f94a87b1dba8 cnn:3 groups
        6ba9e1b247054a4d cnn:3 batch options
        7692a4f350d3dcbc resnet:4x1,8+6 plain
        78149dfbe86a9603 resnet:4x1,8+6 tanh
        236cf4291f87f2c8 resnet:4x1,8+6 prelu bias
        ca85b2218469e260 resnet:4x1,8+6 prelu batch
        c3f270ea08676c1d resnet:4x1,8+6 selu alpha dropout
        3df81bce6ec5d1a3 resnet:4x1,8+6 dropout later
        f770848c621c60ea resnet:4x1,8+6 orthogonal
        3f689f36931f63f8 resnet:4x1,8+6 xavier bias
        7692a4f350d3dcbc resnet:4x1,8+6 norm None
        7692a4f350d3dcbc resnet:4x1,8+6 norm None after
        3a58a60befcb5e3f resnet:4x1,8+6 norm Batch
        933ec7826c3b8b63 resnet:4x1,8+6 norm Batch after
        c551c66080350754 resnet:4x1,8+6 norm Layer
        dcf2b709b1c5e142 resnet:4x1,8+6 norm Layer after
        f2a34cc5f900188b resnet:4x1,8+6 norm Group
        d20ee6bc22eacac1 resnet:4x1,8+6 norm Group after
        0dc209139a09d48e resnet:4x1,8+6 norm Instance
        8c4044ec74f18f02 resnet:4x1,8+6 norm Instance after
        0e348ce7e34554f7 resnet:4x1,8+6 norm Weight
        0e348ce7e34554f7 resnet:4x1,8+6 norm Weight after
        d81b5db688b8efa7 resnet:4x1,8+6 norm Spectral
        d81b5db688b8efa7 resnet:4x1,8+6 norm Spectral after
        f2a34cc5f900188b resnet:4x1,8+6 groups
        40b28d41f42a045a resnet:4x1,8+6 batch options
        23d52177f5e0352c resnet:4x2 plain
        6f61b13b31907cde resnet:4x2 tanh
        b2d703ddf925f9c1 resnet:4x2 prelu bias
        a6c1c8fe7423a86f resnet:4x2 prelu batch
        bc4ecb2504ca27c5 resnet:4x2 selu alpha dropout
        a7256ebfcb78a929 resnet:4x2 dropout later
        42c56bb0c990123c resnet:4x2 orthogonal
        be1fdb53f61b222a resnet:4x2 xavier bias
        23d52177f5e0352c resnet:4x2 norm None
        23d52177f5e0352c resnet:4x2 norm None after
        df0f831ee1fab60f resnet:4x2 norm Batch
        80d7251d56951fef resnet:4x2 norm Batch after
        a4bfce8c309c03c0 resnet:4x2 norm Layer
        53e9f594b21210ab resnet:4x2 norm Layer after
        a4bfce8c309c03c0 resnet:4x2 norm Group
        53e9f594b21210ab resnet:4x2 norm Group after
        d32451565aeb0c67 resnet:4x2 norm Instance
        4a2a1c1ec3790950 resnet:4x2 norm Instance after
        1d52d3d64b6ef4c8 resnet:4x2 norm Weight
        1d52d3d64b6ef4c8 resnet:4x2 norm Weight after
        32507ef1cfd379e3 resnet:4x2 norm Spectral
        32507ef1cfd379e3 resnet:4x2 norm Spectral after
        a4bfce8c309c03c0 resnet:4x2 groups
        945ddca37d156132 resnet:4x2 batch options
        2022d41c8dbdfb05 mlp:7 images
        """;

    [Fact]
    public void Short_forms_build_the_networks_that_they_always_built()
    {
        string[] found = [.. NetworkHashes.All().Select(network => $"{NetworkHashes.Of(network.Spec, network.Shape)} {network.Key}")];
        found.ShouldBe(Known.ReplaceLineEndings("\n").Split('\n'));
    }

    [Fact]
    public void Short_forms_are_written_out_as_texts_that_build_the_same()
    {
        foreach ((string key, Thalweg.Models.NetworkSpec spec, int[] shape) in NetworkHashes.All())
        {
            SequentialSettings layers = spec.Expand(shape);
            Settings.Parse<LayerSettings>(layers.ToString()).ShouldBe(layers, key);
        }
    }
}
