import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Scope, userScopes } from '#contracts';
import { AccessTokens } from '#http';
import { expectProblem } from '../support/expect-problem.ts';
import { type InProcess, startInProcess } from '../support/in-process.ts';
import { temporaryFolder } from '../support/system.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let running: InProcess;
beforeAll(async () => {
  folder = await temporaryFolder();
  running = await startInProcess(join(folder.path, 'data'));
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function send(scopes: readonly Scope[], method: string, path: string, init: RequestInit = {}): Promise<Response> {
  const { token } = running.app.get(AccessTokens).issue(randomUUID(), scopes);
  const headers = { ...init.headers, authorization: `Bearer ${token}` };
  return fetch(`${running.url}${path}`, { ...init, method, headers });
}

const allBut = (missing: Scope) => userScopes.filter((scope) => scope !== missing);
const id = randomUUID();

describe('a credential', () => {
  it.each<[method: string, path: string, scope: Scope]>([
    ['POST', '/v1/uploads', 'uploads:write'],
    ['POST', '/upload', 'uploads:write'],
    ['POST', '/upload', 'conversions:write'],
    ['GET', '/v1/uploads', 'conversions:read'],
    ['GET', `/v1/uploads/${id}`, 'conversions:read'],
    ['DELETE', `/v1/uploads/${id}`, 'uploads:write'],
    ['POST', '/v1/conversions', 'conversions:write'],
    ['GET', '/v1/conversions', 'conversions:read'],
    ['GET', `/v1/conversions/${id}`, 'conversions:read'],
    ['GET', `/v1/conversions/${id}/events`, 'conversions:read'],
    ['GET', `/v1/conversions/${id}/proof`, 'conversions:read'],
    ['POST', `/v1/conversions/${id}/cancel`, 'conversions:write'],
    ['POST', `/v1/conversions/${id}/retry`, 'conversions:write'],
    ['DELETE', `/v1/conversions/${id}`, 'conversions:write'],
    ['GET', `/v1/outputs/${id}`, 'conversions:read'],
    ['GET', `/download?fid=${id}`, 'conversions:read'],
    ['POST', `/v1/outputs/${id}/links`, 'conversions:read'],
  ])('for %s %s needs %s, and no other', async (method, path, scope) => {
    const problem = await expectProblem(await send(allBut(scope), method, path), 403, 'missing-scope');
    expect(problem.detail).toContain(scope);
    const needed: readonly Scope[] = path === '/upload' ? ['uploads:write', 'conversions:write'] : [scope];
    const { status } = await send(needed, method, path);
    expect([401, 403]).not.toContain(status);
  });

  it('that may only upload cannot start a conversion by it, and nothing is kept', async () => {
    const type = { 'content-type': 'video/mp4' };
    const inQuery = await send(['uploads:write'], 'POST', '/v1/uploads?convert=mp3', { headers: type, body: 'x' });
    await expectProblem(inQuery, 403, 'missing-scope');
    const form = new FormData();
    form.set('convert', 'mp3');
    form.set('file', new Blob(['x']), 'x.mp4');
    await expectProblem(await send(['uploads:write'], 'POST', '/v1/uploads', { body: form }), 403, 'missing-scope');
    const entries = await readdir(join(folder.path, 'data', 'blobs'), { recursive: true, withFileTypes: true });
    expect(entries.filter((entry) => entry.isFile())).toEqual([]);
    const alone = await send(['uploads:write'], 'POST', '/v1/uploads', { headers: type, body: 'x' });
    expect(alone.status).toBe(201);
  });
});
