/** The bootstrap is plain JavaScript, because it runs before TypeScript can: its tests take it as it is, untyped. */
declare module '*.mjs'
