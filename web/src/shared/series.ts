import { isDark } from './theme';

// After Okabe and Ito, told apart by color-blind readers too; each has a contrast of at least 3 to the background of its theme.
const light = ['#0072b2', '#c2410c', '#00795a', '#a3347f', '#7a5c00', '#1f2937', '#5b4fc4', '#6b7280'];
const dark = ['#56b4e9', '#ff9a62', '#35c79b', '#e58ac4', '#e6c229', '#f1f5f9', '#a99cff', '#9aa5b1'];
const dashes = ['solid', 'dashed', 'dotted'] as const;
const symbols = ['circle', 'rect', 'triangle', 'diamond', 'emptyCircle', 'emptyRect', 'emptyTriangle', 'emptyDiamond'];

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
