import { choice } from '../shared/choice';
import { el, svg } from '../shared/dom';
import { cut, drawing, label, mark } from './draw';
import { ranksOf, scalesOf, shade, shortName, valueOf, type Scale } from './scale';
import { finite, type Study, type Trial } from './types';

const valued = (study: Study): Trial[] => study.trials.filter(trial => finite(trial.values[0]));

/** Each trial as a line across its settings; the better, the stronger. */
export function parallel(study: Study): HTMLElement {
  const scales = scalesOf(study), ranks = ranksOf(study);
  const sorted = valued(study).sort((a, b) => ranks.get(a.number)! - ranks.get(b.number)!);
  const inner = drawing(`Parallel coordinates of ${sorted.length} trials over ${scales.length} settings`, 340, (width, height) => {
    const top = 40, bottom = height - 34, gap = width / scales.length;
    const x = (i: number): number => gap * (i + 0.5);
    const y = (at: number): number => bottom - at * (bottom - top);
    const axes = scales.flatMap((scale, i) => [
      svg('line', { x1: x(i), x2: x(i), y1: top, y2: bottom, stroke: 'var(--line)' }),
      label(x(i), i % 2 ? 28 : 12, cut(shortName(scale.parameter.path), gap * 1.9), { 'text-anchor': 'middle', fill: 'var(--text)' }),
      ...scale.ticks.map(tick => label(x(i) + 5, y(tick.at) + 4, cut(tick.text, gap - 8), { 'font-size': 11, stroke: 'var(--card)', 'stroke-width': 3, 'paint-order': 'stroke' })),
    ]);
    const lines = sorted.map(trial => {
      const places = scales.map((scale, i) => ({ i, text: trial.settings[scale.index] })).filter(place => place.text != null)
        .map(place => `${x(place.i).toFixed(1)},${y(scales[place.i]!.at(place.text!)).toFixed(1)}`);
      const isWinner = trial.number === study.winner;
      return svg('polyline', { points: places.join(' '), fill: 'none', style: `stroke: ${isWinner ? 'var(--mark-line)' : shade(ranks.get(trial.number))}; stroke-width: ${isWinner ? 3 : 1.4}; opacity: ${isWinner ? 1 : 0.8}` },
        svg('title', {}, `Trial ${trial.number}: ${valueOf(trial)}\n${trial.point}`));
    });
    return [...lines, ...axes];
  });
  inner.style.minWidth = `${scales.length * 84}px`;
  return el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Parallel coordinates' }, inner);
}

/** The first goal over each setting alone. */
export function slices(study: Study): HTMLElement {
  const trials = valued(study);
  const figures = trials.map(trial => trial.values[0] as number).sort((a, b) => a - b);
  // The worst twentieth would press the others together.
  const worst = Math.floor(figures.length / 20);
  const [low, high] = study.goals[0]!.maximize ? [figures[worst] ?? 0, figures[figures.length - 1] ?? 1] : [figures[0] ?? 0, figures[figures.length - 1 - worst] ?? 1];
  return el('div', { class: 'slices' }, ...scalesOf(study).map(scale => el('figure', {},
    el('figcaption', {}, shortName(scale.parameter.path)),
    drawing(`${study.goals[0]!.name} over ${scale.parameter.path}`, 170, (width, height) => {
      const left = 8, right = width - 8, top = 8, bottom = height - 24;
      const x = (at: number): number => left + at * (right - left);
      const y = (value: number): number => bottom - 6 - Math.min(1, Math.max(0, (value - low) / (high - low || 1))) * (bottom - top - 12);
      return [
        svg('rect', { x: left, y: top, width: right - left, height: bottom - top, fill: 'none', stroke: 'var(--grid)' }),
        ...trials.filter(trial => trial.settings[scale.index] != null).map(trial => mark(
          x(scale.at(trial.settings[scale.index]!)), y(trial.values[0] as number), trial.number === study.winner ? 6 : 3.5,
          trial.number === study.winner ? 'fill: var(--mark-line)' : `fill: ${trial.status === 'paused' ? 'none' : 'var(--accent)'}; stroke: var(--accent); opacity: .7`,
          `Trial ${trial.number}: ${valueOf(trial)}, ${trial.settings[scale.index]}`)),
        ...scale.ticks.map(tick => label(x(tick.at), height - 8, cut(tick.text, (right - left) / Math.max(3, scale.ticks.length)), {
          'font-size': 11, 'text-anchor': tick.at < 0.2 ? 'start' : tick.at > 0.8 ? 'end' : 'middle',
        })),
      ];
    }))));
}

/** Two settings against each other over a surface that is smoothed from the trials. */
export function contours(study: Study): HTMLElement {
  const scales = scalesOf(study), ranks = ranksOf(study);
  const byImportance = study.importance.map(item => scales.find(scale => scale.parameter.path === item.path)).filter((scale): scale is Scale => scale !== undefined);
  const ordered = byImportance.length > 1 ? byImportance : scales;
  let [first, second] = [ordered[0]!, ordered[1]!];
  const host = el('div', {});
  const show = (): void => host.replaceChildren(drawing(`${study.goals[0]!.name} over ${first.parameter.path} and ${second.parameter.path}`, 360, (width, height) => surface(width, height)));
  const surface = (width: number, height: number): SVGElement[] => {
    const left = 90, right = width - 12, top = 26, bottom = height - 40, cells = 26;
    const both = valued(study).filter(trial => trial.settings[first.index] != null && trial.settings[second.index] != null)
      .map(trial => ({ trial, a: first.at(trial.settings[first.index]!), b: second.at(trial.settings[second.index]!), rank: ranks.get(trial.number)! }));
    const x = (at: number): number => left + at * (right - left), y = (at: number): number => bottom - at * (bottom - top);
    const grid: SVGElement[] = [];
    for (let i = 0; i < cells; i++) {
      for (let k = 0; k < cells; k++) {
        const [a, b] = [(i + 0.5) / cells, (k + 0.5) / cells];
        let [weight, sum] = [1e-9, 0.5e-9];
        for (const item of both) {
          const own = Math.exp(-((item.a - a) ** 2 + (item.b - b) ** 2) / 0.016);
          weight += own;
          sum += own * item.rank;
        }
        // Six levels, as contour lines have them.
        const level = Math.round((sum / weight) * 6) / 6;
        grid.push(svg('rect', { x: x(i / cells), y: y((k + 1) / cells), width: (right - left) / cells + 0.6, height: (bottom - top) / cells + 0.6, style: `fill: ${shade(level)}; opacity: .75` }));
      }
    }
    return [
      ...grid,
      ...both.map(item => mark(x(item.a), y(item.b), item.trial.number === study.winner ? 7 : 4,
        item.trial.number === study.winner ? 'fill: var(--mark-line); stroke: var(--card)' : 'fill: var(--card); stroke: var(--text)', `Trial ${item.trial.number}: ${valueOf(item.trial)}\n${item.trial.point}`)),
      ...first.ticks.map(tick => label(x(tick.at), height - 22, cut(tick.text, (right - left) / Math.max(3, first.ticks.length)), { 'text-anchor': 'middle' })),
      ...second.ticks.map(tick => label(left - 6, y(tick.at) + 4, cut(tick.text, left - 8), { 'text-anchor': 'end' })),
      label((left + right) / 2, height - 4, cut(first.parameter.path, right - left), { 'text-anchor': 'middle', fill: 'var(--text)' }),
      label(0, 14, cut(second.parameter.path, width), { fill: 'var(--text)' }),
    ];
  };
  show();
  const most = ordered.slice(0, 5);
  const options = most.map((scale, i): [string, string] => [String(i), shortName(scale.parameter.path)]);
  return el('div', {},
    el('div', { class: 'bar' },
      choice('Across', options, value => { first = most[Number(value)]!; show(); }),
      choice('Up', [...options.slice(1, 2), ...options.slice(0, 1), ...options.slice(2)], value => { second = most[Number(value)]!; show(); })),
    host);
}

/** The share of each setting. */
export function importance(study: Study): HTMLElement {
  return el('div', { class: 'scroll' }, el('table', {},
    el('thead', {}, el('tr', {}, el('th', { scope: 'col', class: 'text' }, 'Setting'), el('th', { scope: 'col' }, 'Importance'), el('th', { scope: 'col', class: 'text wide' }, ''))),
    el('tbody', {}, ...study.importance.map(item => el('tr', {},
      el('th', { scope: 'row', class: 'text path' }, item.path), el('td', {}, `${(100 * item.importance).toFixed(0)}\u00a0%`),
      el('td', { class: 'text wide' }, el('span', { class: 'share', style: `width: ${(100 * item.importance).toFixed(1)}%` })))))));
}
