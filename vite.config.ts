import optimizeLocales from '@react-aria/optimize-locales-plugin'
import { vitePlugin as remix } from '@remix-run/dev'
import type {} from '@remix-run/node'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import { refuseServerCode } from './app/bundle/refuse-server-code.ts'

declare module '@remix-run/node' {
  interface Future {
    v3_singleFetch: true
  }
}

/** How the pages are built: for the browser into `build/client`, for the server into `build/server`. */
export default defineConfig(({ command }) => ({
  plugins: [
    refuseServerCode(import.meta.dirname),
    // Component libraries carry their words in thirty languages; keep those the catalogue speaks.
    { ...optimizeLocales.vite({ locales: ['en-US'] }), enforce: 'pre' },
    tailwindcss(),
    // Tests read single modules, not the site.
    process.env.VITEST
      ? undefined
      : remix({
          ignoredRouteFiles: ['**/*'],
          future: {
            v3_fetcherPersist: true,
            v3_lazyRouteDiscovery: true,
            v3_relativeSplatPath: true,
            v3_routeConfig: true,
            v3_singleFetch: true,
            v3_throwAbortReason: true,
          },
        }),
  ],
  // The component libraries are bundled into the server build too: it then needs none of them beside it, and the web
  // process takes 129 MB instead of 198. The development server leaves them to Node, for it cannot inline CommonJS.
  ssr: {
    noExternal:
      command === 'build'
        ? [
            /^react-aria/,
            /^react-stately/,
            /^@react-aria\//,
            /^@react-stately\//,
            /^@react-types\//,
            /^@internationalized\//,
            /^@swc\/helpers/,
            /^@fontsource/,
            'aria-hidden',
            'client-only',
            'clsx',
            'lucide-react',
            'tslib',
            'use-sync-external-store',
          ]
        : [],
  },
  build: {
    target: 'es2022',
    cssMinify: true,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
}))
