// The way to the modules that have no public name.

/** Loads `dist/internal/…`: for tests of what stands behind the seams, and of pure data structures. */
export function internal<M>(path: string): Promise<M> {
  return import(new URL(`../../../dist/internal/${path}`, import.meta.url).href) as Promise<M>;
}
