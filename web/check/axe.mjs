// Checks a page for accessibility with axe-core in Chromium, in the light and in the dark theme: node check/axe.mjs PAGE.html
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const page = readFileSync(process.argv[2], 'utf8');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'axe-'));
let found = 0;
for (const theme of ['light', 'dark']) {
  const run = `addEventListener('load', async () => {
    if (document.documentElement.dataset.theme !== '${theme}') document.getElementById('theme').click();
    const result = await axe.run();
    const lines = result.violations.map(v => v.id + ': ' + v.help + ' at ' + v.nodes.map(n => n.target.join(' ')).slice(0, 5).join(', '));
    const report = document.createElement('pre');
    report.id = 'axe-report';
    report.textContent = JSON.stringify({ passes: result.passes.length, lines });
    document.body.append(report);
  });`;
  const path = join(folder, `${theme}.html`);
  writeFileSync(path, page.replace('</body>', () => `<script>${axe}</script><script>${run}</script></body>`));
  const dom = execFileSync(
    process.env.CHROMIUM ?? 'chromium',
    ['--headless=new', '--no-sandbox', '--disable-gpu', '--virtual-time-budget=20000', '--dump-dom', `file://${path}`],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26 });
  const text = /<pre id="axe-report">(.*?)<\/pre>/s.exec(dom)?.[1];
  if (!text) throw new Error(`axe did not report on the ${theme} theme`);
  const { passes, lines } = JSON.parse(text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
  console.log(`${theme}: ${passes} checks passed, ${lines.length} did not`);
  for (const line of lines) console.log(`  ${line}`);
  found += lines.length;
}
rmSync(folder, { recursive: true });
process.exit(found ? 1 : 0);
