import { defineConfig } from 'vitest/config';

// One script and one style sheet, by relative addresses: the same files serve under any path, and
// `royale export html` inlines them. Nothing is inlined here: the page's policy forbids it.
export default defineConfig({
  base: './',
  build: {
    target: 'es2022',
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    rollupOptions: { output: { inlineDynamicImports: true } },
  },
  test: {
    environment: 'jsdom',
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
  },
});
