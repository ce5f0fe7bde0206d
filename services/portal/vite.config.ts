import { join } from 'node:path'
import { defineConfig } from 'vite'

const web = join(import.meta.dirname, 'web')

/** The portal's pages: three, from web/ to dist/. */
export default defineConfig({
  root: web,
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    // The pages' policy allows no script or style that is written into them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ['index', 'sign-in', 'trace'].map((page) => join(web, `${page}.html`)) },
  },
})
