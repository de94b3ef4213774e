import { el, svg } from '../shared/dom';
import * as format from '../shared/format';
import { styleOf } from '../shared/series';
import { swatch } from '../shared/swatch';
import { onTheme } from '../shared/theme';
import type { Contender, Result } from './types';

/** Contenders that the winner is not clearly better than. */
export const tied = (result: Result): Contender[] => result.ranking.slice(1).filter(contender => contender.bootstrap.behindLow <= 0);

/** The ranking as a table, each interval drawn on one scale. */
export function rankingTable(result: Result): HTMLElement {
  const low = Math.min(...result.ranking.map(contender => contender.bootstrap.low));
  const high = Math.max(...result.ranking.map(contender => contender.bootstrap.high));
  const columns: [string, string][] = [
    ['Rank', ''], ['Contender', 'text'], ['Best rate', ''], [`Validation ${result.metricName}`, ''],
    [`95 % interval, ${format.metric(result.metricName, low, 1)} to ${format.metric(result.metricName, high, 1)}`, 'text'],
    [result.metricName === 'accuracy' ? 'Behind, points' : 'Behind', ''], ['Best in resamples', ''],
    ['Steps to target', ''], ['Time to target', ''], ['Tuning: time', ''], ['Diverged', ''],
  ];
  return el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Table of the ranking' }, el('table', {},
    el('thead', {}, el('tr', {}, ...columns.map(([title, kind]) => el('th', { scope: 'col', class: kind }, title)))),
    el('tbody', {}, ...result.ranking.map((contender, index) => row(result, contender, index, low, high)))));
}

function row(result: Result, contender: Contender, index: number, low: number, high: number): HTMLElement {
  const { bootstrap, tuning } = contender;
  const name = el('th', { scope: 'row', class: 'text' }, swatch(index), ' ', contender.name);
  const behind = index === 0 ? '–'
    : `${format.difference(result.metricName, bootstrap.behindLow)} to ${format.difference(result.metricName, bootstrap.behindHigh)}`;
  return el('tr', {},
    el('td', {}, String(contender.rank)),
    name,
    el('td', {}, format.rate(contender.rate), contender.isAtEdge ? el('abbr', { title: 'at the edge of the rates tried' }, '*') : null),
    el('td', {}, format.metric(result.metricName, contender.metric)),
    el('td', { class: 'text' }, interval(result, contender, index, low, high)),
    el('td', {}, behind),
    el('td', {}, `${(100 * bootstrap.best).toFixed(0)} %`),
    el('td', {}, contender.stepsToTarget === undefined ? 'not reached' : format.count(contender.stepsToTarget)),
    el('td', {}, contender.secondsToTarget === undefined ? '–' : format.time(contender.secondsToTarget)),
    el('td', {}, format.time(tuning.seconds)),
    el('td', {}, `${tuning.diverged} of ${tuning.trials}`));
}

function interval(result: Result, contender: Contender, index: number, low: number, high: number): SVGSVGElement {
  const width = 190, inset = 7;
  const at = (value: number): number => inset + ((width - 2 * inset) * (value - low)) / Math.max(high - low, 1e-12);
  const { bootstrap } = contender;
  const text = `${format.metric(result.metricName, bootstrap.low)} to ${format.metric(result.metricName, bootstrap.high)}`;
  const bar = svg('line', { x1: at(bootstrap.low), x2: at(bootstrap.high), y1: 10, y2: 10, 'stroke-width': 4, 'stroke-linecap': 'round', 'stroke-opacity': 0.45 });
  const dot = svg('circle', { cx: at(contender.metric), cy: 10, r: 5 });
  const paint = (): void => {
    const { color } = styleOf(index);
    bar.setAttribute('stroke', color);
    dot.setAttribute('fill', color);
  };
  onTheme(paint);
  paint();
  return svg('svg', { width, height: 20, role: 'img', 'aria-label': text }, svg('title', {}, text), bar, dot);
}
