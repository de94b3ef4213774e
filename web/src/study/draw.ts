import { el, svg } from '../shared/dom';
import { onTheme } from '../shared/theme';

/** A drawing that is made anew where its width changes. */
export function drawing(label: string, height: number, render: (width: number, height: number) => SVGElement[]): HTMLElement {
  const host = el('div', { class: 'drawing' });
  let width = 0;
  const draw = (): void => {
    if (width > 0) host.replaceChildren(svg('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label }, ...render(width, height)));
  };
  new ResizeObserver(([entry]) => {
    const now = Math.floor(entry!.contentRect.width);
    if (now !== width) {
      width = now;
      draw();
    }
  }).observe(host);
  onTheme(draw);
  return host;
}

/** Text of a drawing. */
export const label = (x: number, y: number, text: string, more: Record<string, string | number> = {}): SVGElement =>
  svg('text', { x, y, 'font-size': 12, fill: 'var(--muted)', ...more }, text);

/** A mark with a text that shows where the pointer rests. */
export function mark(x: number, y: number, radius: number, style: string, text: string): SVGElement {
  return svg('circle', { cx: x.toFixed(1), cy: y.toFixed(1), r: radius, style }, svg('title', {}, text));
}

/** A text that fits into a width, by the mean width of a letter. */
export const cut = (text: string, width: number): string => {
  const letters = Math.max(3, Math.floor(width / 7.2));
  return text.length > letters ? `${text.slice(0, letters - 1)}\u2026` : text;
};
