import { svg } from './dom';
import { styleOf } from './series';
import { onTheme } from './theme';

/** A short piece of the line of a series. */
export function swatch(index: number): SVGSVGElement {
  const line = svg('line', { x1: 1, y1: 6, x2: 23, y2: 6, 'stroke-width': 3 });
  const paint = (): void => {
    const style = styleOf(index);
    line.setAttribute('stroke', style.color);
    line.setAttribute('stroke-dasharray', { solid: 'none', dashed: '6 3', dotted: '2 3' }[style.dash]);
  };
  onTheme(paint);
  paint();
  return svg('svg', { width: 24, height: 12, 'aria-hidden': 'true' }, line);
}
