using System.Text.Json;
using Thalweg.Conformance.Golden;
using Thalweg.Layers;
using Thalweg.Losses;

namespace Thalweg.Conformance.Families;

/// <summary>Training of a network that predicts the next character of a text, which each step reads as one sequence.</summary>
internal sealed class CharRnnTrainingFamily : IFamily
{
    public void Check(GoldenCase golden, Comparison comparison)
    {
        string cell = golden.Text("cell");
        Network network = new(CharacterNetwork.Of(golden["model"], cell), golden["init"].GetProperty(cell));
        int[] symbols = SymbolsOf(golden);
        (Tensor x, Tensor y) = (Tensor.Vector<int>(symbols[..^1]), Tensor.Vector<int>(symbols[1..]));
        TrainingSteps.Run(golden, comparison, network, _ => Loss.SoftmaxCrossEntropy.Compute(network.Module.Forward(x), y));
        network.Compare(golden, comparison);
    }

    /// <summary>The text as places in the vocabulary.</summary>
    private static int[] SymbolsOf(GoldenCase golden)
    {
        string[] vocabulary = [.. golden["vocabulary"].EnumerateArray().Select(symbol => symbol.GetString()!)];
        int[] symbols = [.. golden.Text("text").EnumerateRunes().Select(rune => Array.IndexOf(vocabulary, rune.ToString()))];
        return symbols.Contains(-1) ? throw new UnsupportedException("a text with characters outside its vocabulary") : symbols;
    }

    /// <summary>Logits of the next character: <c>[time]</c> to <c>[time, characters]</c>.</summary>
    private sealed class CharacterNetwork : Module
    {
        private readonly Embedding _embedding;
        private readonly RecurrentLayer _recurrent;
        private readonly Dense _output;

        private CharacterNetwork(Embedding embedding, RecurrentLayer recurrent)
        {
            _embedding = AddModule("embedding", embedding);
            _recurrent = AddModule("rnn", recurrent);
            _output = AddModule("output", new Dense(recurrent.Units, embedding.Symbols));
        }

        public static CharacterNetwork Of(JsonElement model, string cell)
        {
            JsonElement sizes = model.GetProperty("embedding");
            int width = sizes[1].GetInt32(), units = model.GetProperty("hidden").GetInt32();
            if (model.TryGetProperty("batch", out JsonElement batch) && batch.GetInt32() != 1)
                throw new UnsupportedException($"a text in {batch.GetInt32()} sequences");

            return new CharacterNetwork(new Embedding(sizes[0].GetInt32(), width), cell switch
            {
                "LSTM" => new Lstm(width, units),
                "GRU" => new Gru(width, units),
                _ => throw new UnsupportedException($"cell {cell}"),
            });
        }

        protected override Tensor ForwardCore(Tensor x) => _output.Forward(_recurrent.Forward(_embedding.Forward(x)));
    }
}
