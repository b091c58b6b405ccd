// Assertions about types: they hold when the file compiles.

/** `true` if the two types are the same one, with `any` and `readonly` told apart. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only if its argument is `true`. */
export function holds<_Claim extends true>(): void {}
