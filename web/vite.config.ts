// Builds index.html and src/ into dist/, which the server embeds.
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const server = process.env.LOTSEN_URL ?? 'http://localhost:8080';

/** Puts the words of strings/sv.json where index.html says {{key}}, so that the page reads the same without script. */
function words(): Plugin {
  const path = new URL('./strings/sv.json', import.meta.url);
  return {
    name: 'lotsen-words',
    transformIndexHtml(html) {
      const strings = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
      return html.replace(/\{\{([\w.]+)\}\}/g, (_, key: string) => {
        const word = strings[key];
        if (word === undefined) throw new Error(`index.html asks for "${key}", which strings/sv.json lacks`);
        return word.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
      });
    },
  };
}

export default defineConfig({
  plugins: [words()],
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // The server's own pages link to the stylesheet too, so its name never changes.
        assetFileNames: (asset) =>
          asset.names.some((name) => name.endsWith('.css')) ? 'assets/lotsen.css' : 'assets/[name]-[hash][extname]',
      },
    },
  },
  server: { proxy: { '/v1': server, '/d/': server, '/fraga': server, '/avgoranden': server } },
  test: { include: ['tests/unit/**/*.test.ts'] },
});
