import { access, chmod, constants } from 'node:fs/promises';
import { EngineUnusable } from './engine.ts';

/**
 * npm's packages carry ffprobe without its executable bit, and mixdown installs without their scripts.
 * @throws EngineUnusable
 */
export async function makeExecutable(path: string): Promise<void> {
  try {
    await access(path, constants.X_OK);
  } catch {
    await chmod(path, 0o755).catch((error: Error) => {
      throw new EngineUnusable(`${path} is not executable and cannot be made so: ${error.message}`);
    });
  }
}
