// gort/patterns: stages, queues and pools on top of channels.

export { batch, type BatchOptions } from "./batch.js";
export { CircuitBreaker, type CircuitBreakerOptions, CircuitOpenError } from "./breaker.js";
export { broadcast, tee } from "./broadcast.js";
export { collect } from "./collect.js";
export { type EventsOptions, fromEvents } from "./events.js";
export { bridge, fanIn, fanOut, orDone } from "./fan.js";
export type { Latency, PoolStats, WorkerStats } from "./figures.js";
export { filter } from "./filter.js";
export { forEach, type LimitOptions, mapAll } from "./foreach.js";
export { from } from "./from.js";
export { generate } from "./generate.js";
export { heartbeat } from "./heartbeat.js";
export { map, type MapOptions } from "./map.js";
export { or } from "./or.js";
export { Pipeline, pipeline } from "./pipeline.js";
export { WorkerPool } from "./pool.js";
export { queue, QueueFullError, type QueueOptions } from "./queue.js";
export { retry, type RetryOptions } from "./retry.js";
export type { Source } from "./source.js";
export type { StageOptions } from "./stage.js";
export { type NodeWritable, type PipeOptions, pipeTo, type ReadableOptions, toReadable } from "./streams.js";
export { take } from "./take.js";
export {
  type JobOutcome,
  PoolClosedError,
  type Progress,
  type ShutdownReport,
  type Work,
  type WorkerPoolOptions,
} from "./work.js";
