/** Light or dark: by the system, until the reader chooses. */
const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners: (() => void)[] = [];
let chosen: 'light' | 'dark' | null = null;

export const isDark = (): boolean => (chosen ?? (dark.matches ? 'dark' : 'light')) === 'dark';

/** Calls back after each change. */
export function onTheme(listener: () => void): void {
  listeners.push(listener);
}

/** The value of a CSS variable. */
export const color = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function apply(button: HTMLElement): void {
  document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
  button.textContent = isDark() ? 'Light' : 'Dark';
  button.setAttribute('aria-label', `Use the ${isDark() ? 'light' : 'dark'} theme`);
  for (const listener of listeners) listener();
}

/** Puts the theme in force and the button to work. */
export function startTheme(button: HTMLElement): void {
  dark.addEventListener('change', () => apply(button));
  button.addEventListener('click', () => {
    chosen = isDark() ? 'light' : 'dark';
    apply(button);
  });
  // Paper is white, and shows what is folded away.
  let before: 'light' | 'dark' | null = null;
  const folded: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    [before, chosen] = [chosen, 'light'];
    folded.push(...document.querySelectorAll<HTMLDetailsElement>('details:not([open])'));
    for (const details of folded) details.open = true;
    apply(button);
  });
  addEventListener('afterprint', () => {
    chosen = before;
    for (const details of folded.splice(0)) details.open = false;
    apply(button);
  });
  button.hidden = false;
  apply(button);
}
