import { ScatterChart } from 'echarts/charts';
import { use } from 'echarts/core';
import { axis, chart, type Option } from '../shared/chart';
import { styleOf } from '../shared/series';
import { color } from '../shared/theme';
import { tip } from '../shared/tip';
import { isNumber, type ReportData } from './types';

use([ScatterChart]);

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });
const short = (value: number): string => String(Number(value.toPrecision(4)));

/** How far off each prediction is: a network that has learned all there is leaves a cloud around zero without a shape. */
export function residuals(host: HTMLElement, data: ReportData): void {
  const points = data.residuals.filter((point): point is [number, number] => point.every(isNumber));
  const option = (): Option => ({
    grid: { left: 70, right: 28, top: 16, bottom: 48 },
    xAxis: axis(`predicted ${data.target}`, { type: 'value', nameGap: 28, scale: true, splitLine: { show: false }, axisLabel: label() }),
    yAxis: axis('true number - prediction', { type: 'value', nameGap: 50, scale: true, axisLabel: label() }),
    tooltip: { trigger: 'item' },
    series: [{
      type: 'scatter', data: points, symbolSize: points.length > 500 ? 4 : 6, itemStyle: { color: styleOf(0).color, opacity: 0.6 },
      tooltip: { formatter: (item: { data: [number, number] }) => tip(`predicted ${short(item.data[0])}`, `off by ${short(item.data[1])}`) },
      markLine: { silent: true, symbol: 'none', data: [{ yAxis: 0 }], label: { show: false }, lineStyle: { color: color('--muted'), type: 'dashed', width: 1 } },
    }],
  }) as unknown as Option;
  const label = (): object => ({ color: color('--muted'), fontSize: 12, formatter: (value: number) => compact.format(value), hideOverlap: true });
  chart(host, 'Residuals by prediction; the table has their quantiles', option);
}
