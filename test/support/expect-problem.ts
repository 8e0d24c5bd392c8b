import { expect } from 'vitest';
import type { Problem } from './client.ts';

/** A request and the problem that must answer it. */
export type Row = readonly [what: string, ask: () => Promise<Response>, status: number, code: string];

/** A problem document (RFC 9457) with this status and code. */
export async function expectProblem(response: Response, status: number, code: string): Promise<Problem> {
  const problem = (await response.json()) as Problem;
  expect({ ...problem, status: response.status }).toMatchObject({ status, code, type: `/problems/${code}` });
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  return problem;
}
