// Prepares a thread for a program under `gort run`: the main one, and those that run its tasks. With ?quiet, without details.

import * as module from "node:module";
import { install } from "../runtime/detail.js";
import { keepCompiled } from "./cache.js";
import { roomForYoungObjects } from "./heap.js";
import { asModule, isGort, isMissing, ownCopy, resolve as resolveHook, type ResolveHook } from "./hooks.js";

if (!import.meta.url.endsWith("?quiet")) install();
withoutWarnings();
process.setSourceMapsEnabled(true);
roomForYoungObjects();
keepCompiled();
prepareLoader();

/** Lets the program import TypeScript where the host cannot strip types itself, and gort from anywhere. */
function prepareLoader(): void {
  const { features } = process as { features: { typescript?: false | string } };
  const { registerHooks } = module as unknown as { registerHooks?: (hooks: { resolve: ResolveHook }) => void };
  if (features.typescript && registerHooks !== undefined) {
    registerHooks({ resolve: (specifier, context, next) => asModule(resolveHook(specifier, context, next)) });
    return;
  }
  module.register("./hooks.js", import.meta.url);
  resolveRequired();
}

/** The hooks of older hosts do not see `require`. */
function resolveRequired(): void {
  const name = "_resolveFilename";
  const { Module } = module as unknown as { Module: Record<typeof name, (...args: [string, ...unknown[]]) => string> };
  const original = Module[name];
  Module[name] = (specifier, ...rest) => {
    try {
      return original(specifier, ...rest);
    } catch (error) {
      if (!isGort(specifier) || !isMissing(error)) throw error;
      return ownCopy(specifier, undefined);
    }
  };
}

/** Running TypeScript is what this command is for: its host need not warn of it. */
function withoutWarnings(): void {
  const emit = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    const text = String(warning);
    if (/Type Stripping is an experimental|Module type of .* is not specified/s.test(text)) return;
    emit(warning, ...rest);
  };
}
