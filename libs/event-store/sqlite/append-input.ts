import { AppendRefused, maxAppendBytes, type NewEvent } from '../event-store.ts';
import type { AppendInput } from './operations.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const streamName = /^([A-Za-z][A-Za-z0-9]*)-./;

/**
 * The append as the thread takes it, and its size in bytes of JSON.
 * @throws {@link AppendRefused}
 */
export function toAppendInput(
  stream: string,
  expected: bigint | 'no-stream',
  events: readonly NewEvent[],
): { readonly input: AppendInput; readonly bytes: number } {
  const [, category] = streamName.exec(stream) ?? [];
  if (category === undefined) throw new AppendRefused(stream, 'a stream is called <category>-<id>');
  if (expected !== 'no-stream' && expected < 0n) throw new AppendRefused(stream, `${expected} is not a revision`);
  if (events.length === 0) throw new AppendRefused(stream, 'there are no events');
  const rows = events.map(({ id, type, data, metadata }) => {
    if (!uuid.test(id)) throw new AppendRefused(stream, `${id} is not a UUID`);
    return { id, type, data: toJson(stream, data), metadata: toJson(stream, metadata) };
  });
  const bytes = rows.reduce((sum, row) => sum + Buffer.byteLength(row.data) + Buffer.byteLength(row.metadata), 0);
  if (bytes > maxAppendBytes) throw new AppendRefused(stream, `${bytes} bytes are more than ${maxAppendBytes}`);
  return {
    input: { stream, category, expected: expected === 'no-stream' ? -1 : Number(expected), events: rows },
    bytes,
  };
}

function toJson(stream: string, value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new AppendRefused(stream, error instanceof Error ? error.message : String(error));
  }
  if (text === undefined) throw new AppendRefused(stream, 'undefined is not JSON');
  return text;
}
