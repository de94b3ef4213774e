import { el } from '../shared/dom';
import { swatch } from '../shared/swatch';
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
