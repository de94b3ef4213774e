import { el } from './dom';

/** One choice of several, as a row of buttons. */
export function choice<T extends string>(title: string, values: [T, string][], change: (value: T) => void): HTMLElement {
  const name = `choice-${title.toLowerCase().replace(/\W+/g, '-')}`;
  return el('fieldset', { class: 'choice' }, el('legend', {}, title), ...values.flatMap(([value, label], place) => {
    const input = el('input', { type: 'radio', name, id: `${name}-${value}`, value, checked: place === 0 ? '' : undefined });
    input.addEventListener('change', () => change(value));
    return [input, el('label', { for: input.id }, label)];
  }));
}
