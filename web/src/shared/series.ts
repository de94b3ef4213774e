import { isDark } from './theme';

// After Okabe and Ito, told apart by color-blind readers too; each has a contrast of at least 3 to the background of its theme.
const light = ['#0072b2', '#c2410c', '#00795a', '#a3347f', '#7a5c00', '#1f6f9f', '#5b4fc4', '#4d4d4d'];
const dark = ['#56b4e9', '#ff9a62', '#35c79b', '#e58ac4', '#e6c229', '#8ecae6', '#a99cff', '#c8c8c8'];
const dashes = ['solid', 'dashed', 'dotted'] as const;
const symbols = ['circle', 'rect', 'triangle', 'diamond', 'roundRect', 'pin', 'arrow', 'circle'];

export interface SeriesStyle {
  color: string;
  dash: (typeof dashes)[number];
  symbol: string;
}

/** How a contender is drawn, the same in all charts of a page; dashes tell apart what shares a color. */
export function styleOf(index: number): SeriesStyle {
  const colors = isDark() ? dark : light;
  const place = index % colors.length;
  return {
    color: colors[place] ?? '#888',
    dash: dashes[Math.floor(index / colors.length) % dashes.length] ?? 'solid',
    symbol: symbols[place] ?? 'circle',
  };
}
