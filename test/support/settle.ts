// Waiting for goroutines to come to rest, and telling whether a promise has settled.

/** Resolves when every goroutine that could run has run until it waits for something. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Whether the promise is still pending, once everything has come to rest. */
export async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let pending = true;
  const done = () => {
    pending = false;
  };
  void promise.then(done, done);
  await settle();
  return pending;
}
