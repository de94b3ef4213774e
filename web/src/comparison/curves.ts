import { axis, chart, type Option } from '../shared/chart';
import { choice } from '../shared/choice';
import { el } from '../shared/dom';
import * as format from '../shared/format';
import { styleOf } from '../shared/series';
import { color } from '../shared/theme';
import { tip } from '../shared/tip';
import type { Selection } from './legend';
import type { Contender, Figure, Result, Run } from './types';

type Measure = 'metrics' | 'validationLoss' | 'trainingLoss';
type Axis = 'epochs' | 'steps' | 'seconds';

interface Point {
  x: number;
  mean: number;
  low: number;
  high: number;
}

const finite = (value: Figure | undefined): value is number => typeof value === 'number';

/** Mean over the seeds, with the lowest and the highest, after each epoch that all seeds have finished. */
function points(contender: Contender, measure: Measure, x: Axis, stepsPerEpoch: number): Point[] {
  const length = Math.min(...contender.runs.map(run => run[measure].length));
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const place = (epoch: number): number =>
    x === 'epochs' ? epoch + 1 : x === 'steps' ? (epoch + 1) * stepsPerEpoch : mean(contender.runs.map((run: Run) => run.seconds[epoch] ?? 0));
  return Array.from({ length }, (_, epoch) => {
    const values = contender.runs.map(run => run[measure][epoch]).filter(finite);
    return { x: place(epoch), mean: mean(values), low: Math.min(...values), high: Math.max(...values) };
  }).filter(point => Number.isFinite(point.mean));
}

/** The runs at each contender's best rate. */
export function curves(result: Result, selection: Selection): HTMLElement {
  let measure: Measure = 'metrics';
  let x: Axis = 'epochs';
  const host = el('div', { class: 'plot' });
  const name = result.metricName;
  const show = (value: number): string => (measure === 'metrics' ? format.metric(name, value) : format.loss(value));
  const title = (): string => ({ metrics: `validation ${name}`, validationLoss: 'validation loss', trainingLoss: 'training loss' })[measure];

  const option = (): Option => {
    const shown = result.ranking.map((contender, index) => ({ contender, index })).filter(({ index }) => selection.has(index));
    const all = shown.flatMap(({ contender }) => points(contender, measure, x, result.stepsPerEpoch));
    const isLoss = measure !== 'metrics';
    return {
      grid: { left: 72, right: 24, top: 16, bottom: 52 },
      xAxis: axis({ epochs: 'epochs', steps: 'steps', seconds: 'seconds of training' }[x], {
        type: 'value', nameGap: 30, min: 0, max: all.length ? Math.max(...all.map(point => point.x)) : 1, splitLine: { show: false },
      }),
      yAxis: axis(title(), {
        type: isLoss ? 'log' : 'value', nameGap: 52, scale: true,
        ...(isLoss && all.length ? { min: Math.min(...all.map(point => point.low)) * 0.9, max: Math.max(...all.map(point => point.high)) * 1.1 } : {}),
        axisLabel: { color: color('--muted'), fontSize: 12, formatter: (value: number) => (isLoss ? Number(value.toPrecision(2)).toString() : format.metric(name, value, 0)) },
      }),
      tooltip: { trigger: 'item' },
      series: shown.flatMap(({ contender, index }) => series(contender, index)),
    } as Option;
  };

  const series = (contender: Contender, index: number): object[] => {
    const style = styleOf(index);
    const own = points(contender, measure, x, result.stepsPerEpoch);
    const ranges = own.map(point => ({ value: [point.x, point.low] }));
    const widths = own.map(point => ({ value: [point.x, point.high] }));
    const edge = { type: 'line', silent: true, symbol: 'none', lineStyle: { width: 1, opacity: 0.35, color: style.color }, tooltip: { show: false } };
    return [
      { ...edge, data: ranges }, { ...edge, data: widths },
      {
        type: 'line', name: contender.name, symbol: style.symbol, symbolSize: 7,
        data: own.map(point => ({ value: [point.x, point.mean], low: point.low, high: point.high })),
        lineStyle: { width: 2.5, color: style.color, type: style.dash },
        itemStyle: { color: style.color },
        emphasis: { focus: 'series' },
        tooltip: {
          formatter: (item: { data: { value: [number, number]; low: number; high: number } }) => {
            const [at, mean] = item.data.value;
            const where = x === 'epochs' ? `epoch ${at}` : x === 'steps' ? `step ${format.count(at)}` : format.time(at);
            return tip(contender.name, `${title()} ${show(mean)} (${show(item.data.low)} to ${show(item.data.high)}) at ${where}`);
          },
        },
        ...(index === firstShown() && measure === 'metrics' ? { markLine: target() } : {}),
      },
    ];
  };

  const firstShown = (): number => result.ranking.findIndex((_, index) => selection.has(index));
  const target = (): object => ({
    silent: true, symbol: 'none', data: [{ yAxis: result.target }],
    lineStyle: { color: color('--muted'), type: 'dashed', width: 1 },
    label: { formatter: `target ${format.metric(name, result.target, 1)}`, position: 'insideStartTop', color: color('--muted'), fontSize: 12 },
  });

  const draw = chart(host, `Learning curves of ${result.ranking.length} contenders; the ranking above has their figures`, option);
  selection.onChange(draw);
  const change = (): void => draw();
  return el('div', {},
    el('div', { class: 'bar' },
      choice<Measure>('Show', [['metrics', name], ['validationLoss', 'validation loss'], ['trainingLoss', 'training loss']], value => { measure = value; change(); }),
      choice<Axis>('Over', [['epochs', 'epochs'], ['steps', 'steps'], ['seconds', 'seconds']], value => { x = value; change(); })),
    host);
}
