import '../shared/base.css';
import './report.css';
import { el, readData } from '../shared/dom';
import { startTheme } from '../shared/theme';
import { calibration } from './calibration';
import { lossCurves, metricCurves } from './curves';
import { residuals } from './residuals';
import type { ReportData } from './types';

const charts: Record<string, (host: HTMLElement, data: ReportData) => void> = {
  loss: lossCurves, metric: metricCurves, calibration, residuals,
};

startTheme(document.getElementById('theme')!);
const data = readData<ReportData | string>();
if (typeof data === 'string') {
  document.getElementById('page')!.append(el('p', { class: 'note' }, 'This page holds no run: it is the template that thalweg report fills in.'));
} else {
  for (const host of document.querySelectorAll<HTMLElement>('[data-chart]')) {
    host.classList.add('drawn');
    charts[host.dataset.chart!]?.(host, data);
  }
}
