import { axis, chart, type Option } from '../shared/chart';
import * as format from '../shared/format';
import { styleOf } from '../shared/series';
import { color } from '../shared/theme';
import { tip } from '../shared/tip';
import { isNumber, type ReportData } from './types';

const percent = (value: number, digits = 0): string => `${(100 * value).toFixed(digits)}\u00a0%`;

/** The share of right answers over the probability that the network gives them: the diagonal is a calibrated network. */
export function calibration(host: HTMLElement, data: ReportData): void {
  const bins = data.calibration.filter(bin => isNumber(bin.confidence) && isNumber(bin.accuracy));
  const most = Math.max(1, ...bins.map(bin => bin.samples));
  const option = (): Option => {
    const style = styleOf(0);
    return {
      grid: { left: 66, right: 24, top: 20, bottom: 48 },
      xAxis: axis('probability of the answer', { type: 'value', nameGap: 28, min: 0, max: 1, splitLine: { show: false }, axisLabel: label() }),
      yAxis: axis('share that is right', { type: 'value', nameGap: 48, min: 0, max: 1, axisLabel: label() }),
      tooltip: { trigger: 'item' },
      series: [
        { type: 'line', silent: true, symbol: 'none', data: [[0, 0], [1, 1]], lineStyle: { color: color('--muted'), type: 'dashed', width: 1 } },
        {
          type: 'line', name: 'samples',
          data: bins.map(bin => ({ value: [bin.confidence, bin.accuracy], symbolSize: 7 + 15 * Math.sqrt(bin.samples / most), bin })),
          symbol: 'circle', lineStyle: { width: 2, color: style.color }, itemStyle: { color: style.color },
          tooltip: {
            formatter: (item: { data: { value: [number, number]; bin: { samples: number } } }) =>
              tip(format.plural(item.data.bin.samples, 'sample'), `${percent(item.data.value[1], 1)} right, ${percent(item.data.value[0], 1)} expected`),
          },
        },
      ],
    } as unknown as Option;
  };
  const label = (): object => ({ color: color('--muted'), fontSize: 12, formatter: (value: number) => percent(value) });
  chart(host, 'Share of right answers by probability; the table has the figures', option);
}
