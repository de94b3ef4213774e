/** What the program writes: ComparisonResult, as JSON. */
export interface Result {
  options: Options;
  data: string;
  trainingSamples: number;
  validationSamples: number;
  metricName: string;
  trivial: number;
  target: number;
  stepsPerEpoch: number;
  rates: number[];
  ranking: Contender[];
  cost: Cost;
  test?: { name: string; rate: number; seed: number; metric: number; loss: number; samples: number };
}

export interface Options {
  seeds: number;
  seed: number;
  epochs: number;
  batchSize: number;
  schedule: string;
  sampling: string;
  network?: string;
  hiddenUnits: number[];
  convolutions: { channels: number; window: number }[];
  stages: { channels: number; blocks: number }[];
  activation: string;
  dropout: number;
  resamples: number;
}

export interface Cost {
  trials: number;
  diverged: number;
  steps: number;
  seconds: number;
}

export interface Contender {
  rank: number;
  name: string;
  formula: string;
  rate: number;
  isAtEdge: boolean;
  metric: number;
  bootstrap: { low: number; high: number; behindLow: number; behindHigh: number; best: number };
  stepsToTarget?: number;
  secondsToTarget?: number;
  tuning: Cost;
  rates: { rate: number; mean: number; metrics: number[]; diverged: number }[];
  runs: Run[];
}

export interface Run {
  seed: number;
  diverged: boolean;
  trainingLoss: Figure[];
  validationLoss: Figure[];
  metrics: Figure[];
  seconds: number[];
}

/** A number; where it is none, its name. */
export type Figure = number | 'NaN' | 'Infinity' | '-Infinity';
