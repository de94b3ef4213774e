import { LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { init, use, type ComposeOption, type EChartsType } from 'echarts/core';
import type { LineSeriesOption } from 'echarts/charts';
import type { AriaComponentOption, GridComponentOption, TooltipComponentOption } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';
import { color, onTheme } from './theme';

use([LineChart, GridComponent, TooltipComponent, AriaComponent, MarkLineComponent, SVGRenderer]);

export type Option = ComposeOption<LineSeriesOption | GridComponentOption | TooltipComponentOption | AriaComponentOption>;

/** A chart that follows theme and width; call the result to draw it again. */
export function chart(host: HTMLElement, label: string, option: () => Option): () => void {
  let instance: EChartsType | null = null;
  host.setAttribute('role', 'img');
  host.setAttribute('aria-label', label);
  const draw = (): void => {
    instance ??= init(host, null, { renderer: 'svg' });
    instance.setOption({ ...base(), ...option() }, { notMerge: true });
  };
  new ResizeObserver(() => instance?.resize()).observe(host);
  onTheme(draw);
  draw();
  return draw;
}

/** An axis in the colors of the page. */
export const axis = (name: string, more: object): object => ({
  name,
  nameLocation: 'middle',
  nameTextStyle: { color: color('--muted'), fontSize: 13 },
  axisLabel: { color: color('--muted'), fontSize: 12 },
  axisLine: { show: true, lineStyle: { color: color('--line') } },
  axisTick: { lineStyle: { color: color('--line') } },
  splitLine: { lineStyle: { color: color('--grid') } },
  ...more,
});

function base(): Option {
  return {
    animation: false,
    textStyle: { fontFamily: 'inherit' },
    tooltip: {
      backgroundColor: color('--card'),
      borderColor: color('--line'),
      textStyle: { color: color('--text'), fontSize: 13 },
      confine: true,
    },
  };
}
