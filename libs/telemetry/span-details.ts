import { type Span, SpanStatusCode } from '@opentelemetry/api';

/** Why something failed: a stable code, and a sentence for a person. */
export interface Failure {
  readonly code: string;
  readonly detail: string;
}

/** Marks the span as failed: the code is its `error.type` and its status, the sentence is in the exception. */
export function fail(span: Span, { code, detail }: Failure): void {
  span.recordException({ code, message: detail });
  span.setAttribute('error.type', code).setStatus({ code: SpanStatusCode.ERROR, message: code });
}

/** The same for what was thrown, which may have been told of by {@link fail} or by a span below. */
export function failWith(span: Span, error: unknown): void {
  span.recordException(error instanceof Error ? error : String(error));
  const type = typeOf(error);
  span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR, message: type });
}

function typeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
