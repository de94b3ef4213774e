import { axis, chart, type Option } from '../shared/chart';
import { el } from '../shared/dom';
import * as format from '../shared/format';
import { styleOf } from '../shared/series';
import { color } from '../shared/theme';
import { tip } from '../shared/tip';
import type { Selection } from './legend';
import type { Result } from './types';

/** What each learning rate brought in the tuning. */
export function rates(result: Result, selection: Selection): HTMLElement {
  const host = el('div', { class: 'plot' });
  const name = result.metricName;
  const option = (): Option => ({
    grid: { left: 72, right: 24, top: 16, bottom: 52 },
    xAxis: axis('learning rate', {
      type: 'log', nameGap: 30, min: result.rates[0], max: result.rates[result.rates.length - 1], splitLine: { show: false },
      axisLabel: { color: color('--muted'), fontSize: 12, formatter: (value: number) => String(Number(value.toPrecision(1))) },
    }),
    yAxis: axis(`validation ${name}, mean of ${format.plural(result.options.seeds, 'seed')}`, {
      type: 'value', nameGap: 52, scale: true,
      axisLabel: { color: color('--muted'), fontSize: 12, formatter: (value: number) => format.metric(name, value, 0) },
    }),
    tooltip: { trigger: 'item' },
    series: result.ranking.map((contender, index) => ({ contender, index })).filter(({ index }) => selection.has(index)).map(({ contender, index }) => {
      const style = styleOf(index);
      return {
        type: 'line' as const,
        name: contender.name,
        symbol: style.symbol,
        data: contender.rates.map(rate => ({
          value: [rate.rate, rate.mean],
          symbolSize: rate.rate === contender.rate ? 13 : 6,
          diverged: rate.diverged,
          seeds: rate.metrics.length,
        })),
        lineStyle: { width: 2.5, color: style.color, type: style.dash },
        itemStyle: { color: style.color },
        emphasis: { focus: 'series' as const },
        tooltip: {
          formatter: (item: unknown) => {
            const { value: [rate, mean], diverged, seeds } = (item as { data: { value: [number, number]; diverged: number; seeds: number } }).data;
            return tip(contender.name, `rate ${format.rate(rate)}: ${format.metric(name, mean)}${diverged ? `, ${diverged} of ${seeds} diverged` : ''}`);
          },
        },
      };
    }),
  }) as Option;
  selection.onChange(chart(host, `Validation ${name} over the learning rate; a wide hump is easy to tune`, option));
  return host;
}
