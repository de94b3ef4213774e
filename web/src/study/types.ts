/** What the program writes: StudyPageData, as JSON. */
export interface Study {
  title: string;
  goals: { name: string; maximize: boolean }[];
  sampler: string;
  pruner: string;
  order: string;
  maxBudget: number;
  isFinished: boolean;
  isExact: boolean;
  parameters: Parameter[];
  trials: Trial[];
  importance: { path: string; importance: number; trials: number }[];
  finalists: Finalist[];
  paretoFront: number[];
  optimism: Figure;
  best: number | null;
  winner: number | null;
  test: { name: string; metric: number; loss: number; samples: number } | null;
}

export interface Parameter {
  path: string;
  text: string;
  isLog: boolean;
  choices: string[] | null;
}

export interface Trial {
  number: number;
  status: 'done' | 'paused' | 'failed' | 'running' | 'waiting';
  values: Figure[];
  curve: Figure[];
  seconds: number;
  jobs: number;
  failure: string | null;
  point: string;
  settings: (string | null)[];
}

export interface Finalist {
  trial: number;
  mean: number;
  low: number;
  high: number;
  values: number[];
  samples: number;
  testLow: Figure;
  testHigh: Figure;
}

/** A number; where it is none, its name. */
export type Figure = number | 'NaN' | 'Infinity' | '-Infinity';

export const finite = (value: Figure | undefined | null): value is number => typeof value === 'number';
