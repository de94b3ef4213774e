import { axis, chart, type Option } from '../shared/chart';
import { el } from '../shared/dom';
import { styleOf } from '../shared/series';
import { color } from '../shared/theme';
import { tip } from '../shared/tip';
import { finite, type Study, type Trial } from './types';

const short = (value: number): string => String(Number(value.toPrecision(4)));

/** Each trial in order, and the best so far. */
export function history(study: Study): HTMLElement {
  const host = el('div', { class: 'plot' });
  const goal = study.goals[0]!;
  const better = (a: number, b: number): boolean => (goal.maximize ? a > b : a < b);
  const option = (): Option => {
    let best: number | null = null;
    const steps: [number, number][] = [];
    for (const trial of study.trials) {
      const value = trial.values[0];
      if (trial.status === 'done' && finite(value) && (best === null || better(value, best))) best = value;
      if (best !== null) steps.push([trial.number, best]);
    }
    const points = (status: Trial['status'], name: string, symbol: string, paint: string): object => ({
      type: 'line', name, symbol, symbolSize: 8, lineStyle: { width: 0 }, itemStyle: { color: paint },
      data: study.trials.filter(trial => trial.status === status && finite(trial.values[0])).map(trial => ({ value: [trial.number, trial.values[0]], point: trial.point })),
      tooltip: { formatter: (item: { data: { value: [number, number]; point: string } }) => tip(`Trial ${item.data.value[0]}: ${short(item.data.value[1])}`, item.data.point) },
    });
    return {
      grid: { left: 72, right: 24, top: 16, bottom: 52 },
      xAxis: axis('trial', { type: 'value', nameGap: 30, min: 0, max: Math.max(1, study.trials.length - 1), splitLine: { show: false } }),
      yAxis: axis(goal.name, { type: 'value', nameGap: 52, scale: true, axisLabel: { color: color('--muted'), fontSize: 12, formatter: short } }),
      tooltip: { trigger: 'item' },
      series: [
        { type: 'line', name: 'best so far', step: 'end', symbol: 'none', data: steps, lineStyle: { width: 2.5, color: styleOf(0).color }, silent: true },
        points('done', 'done', 'circle', styleOf(0).color), points('paused', 'paused', 'emptyTriangle', styleOf(1).color),
      ],
    } as Option;
  };
  chart(host, `History: ${goal.name} of each trial, and the best so far; the table below has the figures`, option);
  return host;
}

/** The first goal over the epochs of each trial. */
export function curves(study: Study): HTMLElement {
  const host = el('div', { class: 'plot' });
  const option = (): Option => ({
    grid: { left: 72, right: 24, top: 16, bottom: 52 },
    xAxis: axis('epoch', { type: 'value', nameGap: 30, min: 1, max: Math.max(2, ...study.trials.map(trial => trial.curve.length)), splitLine: { show: false } }),
    yAxis: axis(study.goals[0]!.name, { type: 'value', nameGap: 52, scale: true, axisLabel: { color: color('--muted'), fontSize: 12, formatter: short } }),
    tooltip: { trigger: 'item' },
    series: study.trials.filter(trial => trial.curve.length > 0).map(trial => {
      const isWinner = trial.number === study.winner;
      const style = styleOf(isWinner ? 0 : trial.status === 'paused' ? 1 : 7);
      const last = trial.curve.length - 1;
      return {
        type: 'line', name: `trial ${trial.number}`, symbol: trial.status === 'paused' ? 'emptyTriangle' : 'circle', z: isWinner ? 3 : 2,
        data: trial.curve.map((value, i) => ({ value: [i + 1, finite(value) ? value : null], symbolSize: i === last ? 7 : 3 })),
        lineStyle: { width: isWinner ? 3 : 1, color: style.color, opacity: isWinner ? 1 : 0.55 }, itemStyle: { color: style.color, opacity: isWinner ? 1 : 0.7 },
        emphasis: { focus: 'series', lineStyle: { width: 3, opacity: 1 } },
        tooltip: { formatter: (item: { data: { value: [number, number] } }) => tip(`Trial ${trial.number}, epoch ${item.data.value[0]}: ${short(item.data.value[1])}`, trial.point) },
      };
    }),
  }) as Option;
  chart(host, `Curves of ${study.trials.length} trials; a triangle is where one was paused`, option);
  return host;
}
