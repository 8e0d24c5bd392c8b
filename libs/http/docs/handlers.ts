import type { INestApplication } from '@nestjs/common';
import { MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { RequireScope } from '../auth/require-scope.ts';
import { RequireSession } from '../auth/require-session.ts';

/** Where an operation is carried out: what is written there is known of it. */
export interface Handler {
  /** From the method to its class. */
  readonly places: readonly object[];
  readonly needsMoreThanToken: boolean;
}

/** By `operationId`, which names class and method. */
export function handlersOf(app: INestApplication): ReadonlyMap<string, Handler> {
  const reflector = app.get(Reflector);
  const scanner = new MetadataScanner();
  const handlers = new Map<string, Handler>();
  for (const { controllers } of app.get(ModulesContainer).values()) {
    for (const { metatype } of controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const prototype: Readonly<Record<string, unknown>> = metatype.prototype;
      for (const name of scanner.getAllMethodNames(prototype)) {
        const method = prototype[name];
        if (typeof method !== 'function') continue;
        const required = [RequireScope, RequireSession].map((key) =>
          reflector.getAllAndOverride<unknown>(key, [method, metatype]),
        );
        handlers.set(operationId(metatype.name, name), {
          places: [method, metatype],
          needsMoreThanToken: required.some((value) => value !== undefined),
        });
      }
    }
  }
  return handlers;
}

export function operationId(controller: string, method: string): string {
  return `${controller}_${method}`;
}
