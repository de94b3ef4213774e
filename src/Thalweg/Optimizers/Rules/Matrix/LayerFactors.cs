namespace Thalweg.Rules;

/// <summary>What one layer's inputs and the derivatives by its outputs say of the curvature: the two factors of K-FAC.</summary>
/// <param name="Segment">Place of the layer's weight among the parameters, from 0.</param>
/// <param name="Inputs">Mean of a a' over the samples, row by row, <c>[inputs + 1, inputs + 1]</c> with a 1 for the bias if there is one;
/// of a convolution the sum over places.</param>
/// <param name="Cotangents">Mean of g g' over the samples, <c>[outputs, outputs]</c>, g the derivative by the outputs before the
/// activation; of a convolution the mean over places.</param>
public sealed record LayerFactors(int Segment, double[] Inputs, double[] Cotangents);
