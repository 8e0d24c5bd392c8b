import { z } from 'zod';
import { Id } from '#contracts';
import { Problem, problemFromIssues } from '#http';

const Conversion = Id.transform((id) => id.toLowerCase());

/** What a client may say: one wish a message. */
const ClientMessage = z.union(
  [
    z.strictObject({
      subscribe: z.strictObject({
        conversion: Conversion,
        fromRevision: z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
      }),
    }),
    z.strictObject({ subscribe: z.literal('all'), after: z.string().max(512).optional() }),
    z.strictObject({ unsubscribe: z.strictObject({ conversion: Conversion }) }),
    z.strictObject({ unsubscribe: z.literal('all') }),
  ],
  'Send {"subscribe": {"conversion": "<id>"}}, {"subscribe": "all"}, or the same with "unsubscribe".',
);
export type ClientMessage = z.infer<typeof ClientMessage>;

/** @throws Problem `invalid-request` */
export function readClientMessage(data: Buffer, isBinary: boolean): ClientMessage {
  if (isBinary) throw new Problem('invalid-request', 'Messages are JSON, sent as text.');
  const parsed = ClientMessage.safeParse(jsonOf(data.toString('utf8')));
  if (parsed.success) return parsed.data;
  throw problemFromIssues('invalid-request', parsed.error.issues);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Problem('invalid-request', 'The message is not JSON.');
  }
}
