import type { CollectedSpan } from './otlp.ts';

/** The spans of one trace, and how they lie below each other. */
export class Trace {
  readonly spans: readonly CollectedSpan[];

  constructor(
    all: readonly CollectedSpan[],
    readonly id: string,
  ) {
    this.spans = all.filter(({ traceId }) => traceId === id);
  }

  /** Those without a parent here, of which a whole trace has one. */
  get roots(): readonly CollectedSpan[] {
    const ids = new Set(this.spans.map(({ id }) => id));
    return this.spans.filter(({ parentId }) => !ids.has(parentId));
  }

  named(name: string): readonly CollectedSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  /** @throws when there is not exactly one */
  only(name: string): CollectedSpan {
    const [span, ...others] = this.named(name);
    if (span === undefined || others.length > 0)
      throw new Error(`there are ${this.named(name).length} spans "${name}"`);
    return span;
  }

  below({ id }: CollectedSpan): readonly CollectedSpan[] {
    return this.spans.filter(({ parentId }) => parentId === id).toSorted((a, b) => a.start - b.start);
  }

  /** The names from the first span of the trace down to this one. */
  path(span: CollectedSpan): readonly string[] {
    const parent = this.spans.find(({ id }) => id === span.parentId);
    return parent === undefined ? [span.name] : [...this.path(parent), span.name];
  }
}
