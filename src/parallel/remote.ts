// Goroutines of other threads, as reports name them.

/** Where a goroutine was: its processor, its own number if that is known, and what is known of its start. */
export interface Remote {
  readonly processor: number;
  readonly id: number | undefined;
  readonly created: string;
}

/** Puts it around the stack of an error. */
export function placed({ processor, id, created }: Remote): (stack: string) => string {
  return (stack) =>
    `goroutine ${id === undefined ? "" : `${id} `}[running, processor ${processor}]:\n${stack}${created}`;
}
