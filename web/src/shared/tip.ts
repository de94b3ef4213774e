import { el } from './dom';

/** A tooltip's text; names come from the user and are escaped. */
export function tip(name: string, text: string): string {
  const bold = el('strong', {}, name);
  return `${bold.outerHTML}<br>${el('span', {}, text).innerHTML}`;
}
