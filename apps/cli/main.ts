#!/usr/bin/env node
import * as module from 'node:module';
import { isNodeNewEnough, runOnOwnNode } from './own-node.ts';

if (isNodeNewEnough()) {
  // Before anything else is loaded: what was compiled once need not be compiled at the next start.
  module.enableCompileCache();
  const { run } = await import('./program.ts');
  await run(process.argv);
} else {
  await runOnOwnNode();
}
