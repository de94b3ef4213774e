import type { Parameter, Study, Trial } from './types';
import { finite } from './types';

/** Where the values of a setting lie between 0 and 1. */
export interface Scale {
  parameter: Parameter;
  index: number;
  at: (text: string) => number;
  ticks: { at: number; text: string }[];
}

const short = (value: number): string => (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5) ? value.toExponential(0).replace('e+', 'e') : String(Number(value.toPrecision(3))));

/** The last part of a path, or more of it where that says too little. */
export const shortName = (path: string): string => path.split('.').slice(-1)[0]!.replaceAll('_', ' ');

export function scalesOf(study: Study): Scale[] {
  return study.parameters.map((parameter, index) => {
    if (parameter.choices) {
      const { choices } = parameter;
      const at = (text: string): number => (Math.max(0, choices.indexOf(text)) + 0.5) / choices.length;
      return { parameter, index, at, ticks: choices.map(text => ({ at: at(text), text })) };
    }
    const values = study.trials.map(trial => trial.settings[index]).filter(text => text != null).map(Number).filter(Number.isFinite);
    const form = (value: number): number => (parameter.isLog ? Math.log(value) : value);
    const low = Math.min(...values), high = Math.max(...values);
    const span = form(high) - form(low) || 1;
    const at = (text: string): number => 0.04 + 0.92 * ((form(Number(text)) - form(low)) / span);
    const middle = parameter.isLog ? Math.sqrt(low * high) : (low + high) / 2;
    const ticks = (values.length ? [low, middle, high] : []).map(value => ({ at: at(String(value)), text: short(value) }));
    return { parameter, index, at, ticks };
  });
}

/** How good each trial is, from 0 for the worst to 1 for the best, by rank; null where it has no figure. */
export function ranksOf(study: Study): Map<number, number> {
  const sign = study.goals[0]!.maximize ? 1 : -1;
  const valued = study.trials.filter(trial => finite(trial.values[0])).sort((a, b) => sign * ((a.values[0] as number) - (b.values[0] as number)));
  return new Map(valued.map((trial, i) => [trial.number, valued.length < 2 ? 1 : i / (valued.length - 1)]));
}

/** A color from pale to strong; the better, the stronger. */
export const shade = (rank: number | undefined): string => (rank === undefined ? 'var(--line)' : `color-mix(in oklab, var(--accent) ${Math.round(15 + 85 * rank * rank)}%, var(--grid))`);

export const valueOf = (trial: Trial): string => (finite(trial.values[0]) ? trial.values[0].toPrecision(5) : '-');
