import { type ProblemCode, serviceOf } from '#contracts';
import { isNeverLimited } from '../limits/address-limit.guard.ts';

/** What an operation is, as far as it says which problems may come. */
export interface Described {
  readonly method: string;
  readonly path: string;
  readonly needsToken: boolean;
  /** Not every token will do. */
  readonly needsMoreThanToken: boolean;
  /** By {@link ApiProblems}. */
  readonly peculiar: readonly ProblemCode[];
}

/** A request that is broken, slow or too large is answered before anybody knows what it asks for. */
const ofEveryRequest: readonly ProblemCode[] = ['invalid-request', 'upload-too-slow', 'headers-too-large', 'internal'];
const ofJsonBodies: readonly ProblemCode[] = ['upload-too-large', 'unsupported-media-type'];
/** Whether a credential still counts is looked up. */
const ofTokens: readonly ProblemCode[] = ['unauthenticated', 'token-expired', 'dependency-unavailable'];

/** Every problem that an operation may answer with: those that follow from what it is, and those that are peculiar to it. */
export function problemsOf(operation: Described): ReadonlySet<ProblemCode> {
  return new Set([
    ...ofEveryRequest,
    ...(readsJson(operation) ? ofJsonBodies : []),
    ...(operation.needsToken ? ofTokens : []),
    ...(operation.needsMoreThanToken ? (['missing-scope'] as const) : []),
    ...(operation.path.includes('{') ? (['not-found'] as const) : []),
    ...(isNeverLimited(operation.path) ? [] : (['rate-limited'] as const)),
    ...operation.peculiar,
  ]);
}

/** A body is looked at wherever one may come, also where none is wanted; those of uploads are looked at by their service. */
function readsJson({ method, path }: Described): boolean {
  return method !== 'get' && serviceOf(path) !== 'upload';
}
