import { axis, chart, type Option } from '../shared/chart';
import { el, svg } from '../shared/dom';
import * as format from '../shared/format';
import { styleOf } from '../shared/series';
import { swatch } from '../shared/swatch';
import { color } from '../shared/theme';
import { tip } from '../shared/tip';
import { isNumber, type Epoch, type Figure, type ReportData } from './types';

const dashes = ['dashed', 'dotted'] as const;

type Curve = [name: string, of: (epoch: Epoch) => Figure];

/** Loss of training and validation over the epochs. */
export function lossCurves(host: HTMLElement, data: ReportData): void {
  draw(host, data, 'loss', [['training', epoch => epoch.trainingLoss], ['validation', epoch => epoch.validationLoss]], format.loss, []);
}

/** The metric over the epochs, beside the trivial answer and a linear model. */
export function metricCurves(host: HTMLElement, data: ReportData): void {
  const name = data.metricName;
  const levels: [string, Figure][] = [['trivial answer', data.trivial], ['linear model', data.linear]];
  draw(host, data, name, [['training', epoch => epoch.trainingMetric], ['validation', epoch => epoch.validationMetric]],
    value => format.metric(name, value), levels.filter((level): level is [string, number] => isNumber(level[1])));
}

function draw(host: HTMLElement, data: ReportData, title: string, curves: Curve[], show: (value: number) => string, levels: [string, number][]): void {
  const shown = curves
    .map(([name, of], index) => ({ name, index, points: data.epochs.map(epoch => [epoch.number, of(epoch)] as const).filter((point): point is [number, number] => isNumber(point[1])) }))
    .filter(curve => curve.points.length > 0);
  const values = shown.flatMap(curve => curve.points.map(point => point[1])).concat(levels.map(level => level[1]));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const isLog = title === 'loss' && low > 0;
  const last = data.epochs[data.epochs.length - 1]?.number ?? 1;

  const option = (): Option => ({
    grid: { left: 66, right: 16, top: 28, bottom: 48 },
    xAxis: axis('epoch', { type: 'value', nameGap: 28, min: last > 1 ? 1 : 0, max: last, minInterval: 1, splitLine: { show: false } }),
    yAxis: axis(title, {
      type: isLog ? 'log' : 'value', nameGap: 48, scale: true,
      ...(isLog ? { min: low * 0.9, max: high * 1.1 } : {}),
      axisLabel: { color: color('--muted'), fontSize: 12, formatter: (value: number) => (title === 'accuracy' ? format.metric(title, value, high - low < 0.05 ? 1 : 0) : Number(value.toPrecision(2)).toString()) },
    }),
    tooltip: { trigger: 'item' },
    series: [
      ...shown.map(({ name, index, points }, place) => {
        const style = styleOf(index);
        return {
          type: 'line', name, data: points, symbol: style.symbol, symbolSize: points.length > 60 ? 3 : 6,
          lineStyle: { width: 2.5, color: style.color }, itemStyle: { color: style.color },
          tooltip: { formatter: (item: { data: [number, number] }) => tip(name, `${title} ${show(item.data[1])} in epoch ${item.data[0]}`) },
          ...(place === 0 && data.keptEpoch !== null ? { markLine: kept(data.keptEpoch) } : {}),
        };
      }),
      ...levels.map(([, value], index) => ({
        type: 'line', silent: true, symbol: 'none', data: [[last > 1 ? 1 : 0, value], [last, value]],
        lineStyle: { color: color('--muted'), type: dashes[index], width: 1.5 },
      })),
    ],
  }) as unknown as Option;

  const kept = (epoch: number): object => ({
    silent: true, symbol: 'none', lineStyle: { color: color('--muted'), type: 'dashed', width: 1 },
    data: [{
      xAxis: epoch,
      label: { formatter: `kept: epoch ${epoch}`, position: 'end', align: epoch > 0.8 * last ? 'right' : epoch < 0.2 * last ? 'left' : 'center', color: color('--muted'), fontSize: 12 },
    }],
  });

  chart(host, `${title} by epoch; the table below has the figures`, option);
  host.after(el('ul', { class: 'legend', 'aria-label': `Curves of the ${title}` },
    ...shown.map(curve => el('li', {}, swatch(curve.index), curve.name)),
    ...levels.map(([name, value], index) => el('li', {}, dashed(index), `${name} ${show(value)}`))));
}

/** A short piece of the line of a level. */
function dashed(index: number): SVGSVGElement {
  const line = svg('line', { x1: 1, y1: 6, x2: 23, y2: 6, 'stroke-width': 1.5, stroke: 'var(--muted)', 'stroke-dasharray': index === 0 ? '6 3' : '2 3' });
  return svg('svg', { width: 24, height: 12, 'aria-hidden': 'true' }, line);
}
