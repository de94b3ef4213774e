// Builds each page into one self-contained HTML file in dist. The .NET build embeds them; see Web.targets.
import { readdirSync, statSync } from 'node:fs';
import { build } from 'vite';

const pages = readdirSync('.').filter(name => name.endsWith('.html'));

// Echarts is most of it; what is not imported by name is left out. A page that grows past this has pulled in what it does not need.
const mostBytes = 700_000;

/** Puts scripts and styles into the page itself. */
const inline = {
  name: 'inline',
  enforce: 'post',
  generateBundle(_, bundle) {
    for (const page of Object.values(bundle).filter(item => item.fileName.endsWith('.html'))) {
      let html = page.source;
      for (const item of Object.values(bundle)) {
        const isScript = item.type === 'chunk';
        if (!isScript && !item.fileName.endsWith('.css')) continue;
        const place = isScript
          ? new RegExp(`<script[^>]*src="[^"]*${item.fileName}"[^>]*></script>`)
          : new RegExp(`<link[^>]*href="[^"]*${item.fileName}"[^>]*>`);
        const text = isScript
          ? `<script type="module">${item.code.replaceAll('</script', '<\\/script')}</script>`
          : `<style>${item.source}</style>`;
        if (!place.test(html)) throw new Error(`${item.fileName} is not in ${page.fileName}`);
        html = html.replace(place, () => text);
        delete bundle[item.fileName];
      }
      page.source = html;
    }
  },
};

for (const [number, page] of pages.entries()) {
  await build({
    configFile: false,
    logLevel: 'warn',
    plugins: [inline],
    build: {
      target: 'es2020',
      modulePreload: false,
      assetsInlineLimit: Number.MAX_SAFE_INTEGER,
      cssCodeSplit: false,
      emptyOutDir: number === 0,
      rollupOptions: { input: page, output: { inlineDynamicImports: true } },
    },
  });
  const { size } = statSync(`dist/${page}`);
  if (size > mostBytes) throw new Error(`dist/${page} has ${size} bytes, more than ${mostBytes}`);
  console.log(`dist/${page}: ${size} bytes`);
}
