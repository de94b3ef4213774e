import { el, svg } from '../shared/dom';
import { styleOf } from '../shared/series';
import { onTheme } from '../shared/theme';
import type { Contender } from './types';

/** Which contenders the charts show; the same for all of them. */
export class Selection {
  private readonly hidden = new Set<number>();
  private readonly listeners: (() => void)[] = [];

  has(index: number): boolean {
    return !this.hidden.has(index);
  }

  toggle(index: number): void {
    if (!this.hidden.delete(index)) this.hidden.add(index);
    for (const listener of this.listeners) listener();
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }
}

/** A short piece of a contender's line. */
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

/** Buttons that show and hide contenders. */
export function legend(ranking: Contender[], selection: Selection): HTMLElement {
  const buttons = ranking.map((contender, index) => {
    const button = el('button', { type: 'button', 'aria-pressed': 'true' }, swatch(index), contender.name);
    button.addEventListener('click', () => selection.toggle(index));
    return button;
  });
  selection.onChange(() => buttons.forEach((button, index) => button.setAttribute('aria-pressed', String(selection.has(index)))));
  return el('ul', { class: 'legend', 'aria-label': 'Contenders shown' }, ...buttons.map(button => el('li', {}, button)));
}

/** One choice of several, as a row of buttons. */
export function choice<T extends string>(title: string, values: [T, string][], change: (value: T) => void): HTMLElement {
  const name = `choice-${title.toLowerCase().replace(/\W+/g, '-')}`;
  return el('fieldset', { class: 'choice' }, el('legend', {}, title), ...values.flatMap(([value, label], place) => {
    const input = el('input', { type: 'radio', name, id: `${name}-${value}`, value, checked: place === 0 ? '' : undefined });
    input.addEventListener('change', () => change(value));
    return [input, el('label', { for: input.id }, label)];
  }));
}
