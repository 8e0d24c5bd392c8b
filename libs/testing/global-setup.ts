import { accessSync, constants, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { bundledTool } from './media/engines.ts';

const tools = ['ffmpeg', 'ffprobe'] as const;

/** Media for tests is made by an ffmpeg: where the system has none, by the one that comes by npm. */
export default function provideFfmpeg(): (() => void) | undefined {
  if (tools.every(isOnPath)) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'mixdown-test-tools-'));
  for (const tool of tools) {
    const path = bundledTool(tool);
    if (path === null) throw new Error(`the tests need ${tool}: install ffmpeg`);
    symlinkSync(path, join(folder, tool));
  }
  process.env.PATH = `${folder}${delimiter}${process.env.PATH}`;
  console.log('There is no ffmpeg on this system: the tests use the one of 2018 that comes by npm.');
  return () => rmSync(folder, { recursive: true });
}

function isOnPath(tool: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
