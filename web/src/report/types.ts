/** What the program writes for the charts: ReportData, as JSON. All other content is in the page already. */
export interface ReportData {
  metricName: string;
  keptEpoch: number | null;
  trivial: Figure;
  linear: Figure;
  epochs: Epoch[];
  calibration: Bin[];
  target: string;
  residuals: Figure[][];
}

/** An epoch, counted from 1. */
export interface Epoch {
  number: number;
  trainingLoss: Figure;
  validationLoss: Figure;
  trainingMetric: Figure;
  validationMetric: Figure;
}

/** Samples whose most probable class has a probability between low and high. */
export interface Bin {
  low: number;
  high: number;
  samples: number;
  confidence: Figure;
  accuracy: Figure;
}

/** A number; where it is none, its name. */
export type Figure = number | 'NaN' | 'Infinity' | '-Infinity';

export const isNumber = (value: Figure | null): value is number => typeof value === 'number';
