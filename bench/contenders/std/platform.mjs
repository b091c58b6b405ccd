// What Node itself has: an AbortController in place of a context, and loops in place of a semaphore.

export default {
  context(n) {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const controller = new AbortController();
      controller.abort();
      if (controller.signal.aborted) sum += i;
    }
    return sum;
  },

  "with-cancel"(n) {
    const root = new AbortController();
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const own = new AbortController();
      const signal = AbortSignal.any([root.signal, own.signal]);
      own.abort();
      if (signal.aborted) sum += i;
    }
    return sum;
  },

  "with-timeout"(n) {
    const root = new AbortController();
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const own = new AbortController();
      const signal = AbortSignal.any([root.signal, own.signal]);
      const timer = setTimeout(() => own.abort(new DOMException("too late", "TimeoutError")), 60_000);
      clearTimeout(timer);
      own.abort();
      if (signal.aborted) sum += i;
    }
    return sum;
  },

  "cancel-tree"(n, meter) {
    const root = new AbortController();
    const all = [];
    meter.off(() => {
      while (all.length < n) {
        const branch = AbortSignal.any([root.signal]);
        all.push(branch);
        for (let i = 1; i < 100; i++) all.push(AbortSignal.any([branch]));
      }
    });
    root.abort();
    return meter.off(() => all.filter((signal) => signal.aborted).length);
  },

  async semaphore(n) {
    let sum = 0;
    const task = async (i) => {
      sum += i;
    };
    let next = 0;
    const loop = async () => {
      while (next < n) await task(next++);
    };
    await Promise.all(Array.from({ length: 10 }, loop));
    return sum;
  },
};
