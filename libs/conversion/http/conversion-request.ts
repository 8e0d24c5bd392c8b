import { z } from 'zod';
import { Id, PresetName, Priority, resolveSettings, Settings, unsupportedSettings } from '#contracts';
import { Problem, paging, problemFromIssues } from '#http';
import { StatusDocument } from '#projections';

/** What is wrong with settings is a problem of its own, so the body's schema lets everything pass. */
const { $schema: _, ...describedSettings } = z.toJSONSchema(Settings, { io: 'input' });

export const ConversionRequest = z.strictObject({
  uploadId: Id,
  preset: PresetName.optional(),
  settings: z.unknown().meta(describedSettings).optional(),
  priority: Priority.default('normal'),
  metadata: z
    .record(z.string().min(1).max(64), z.string().max(512))
    .refine((metadata) => Object.keys(metadata).length <= 16, 'at most 16 entries')
    .optional(),
  webhookUrl: z.unknown().optional().describe('Specified, but not in this version: `not-supported`'),
});
export type ConversionRequest = z.infer<typeof ConversionRequest>;

export const ListRequest = z.strictObject({
  status: StatusDocument.shape.status.optional(),
  uploadId: Id.transform((id) => id.toLowerCase()).optional(),
  ...paging,
});
export type ListRequest = z.infer<typeof ListRequest>;

const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,255}$/, '1 to 255 visible ASCII characters');

/** @throws Problem `invalid-request` */
export function readIdempotencyKey(header: string | undefined): string | null {
  if (header === undefined) return null;
  const key = IdempotencyKey.safeParse(header);
  if (!key.success) throw problemFromIssues('invalid-request', key.error.issues, ['Idempotency-Key']);
  return key.data;
}

/** @throws Problem `invalid-settings` | `not-supported` */
export function chosenSettings({ preset, settings, webhookUrl }: ConversionRequest): Settings {
  if (webhookUrl !== undefined) throw notSupported(['/webhookUrl']);
  if (preset !== undefined && settings !== undefined) {
    throw new Problem('invalid-settings', 'Give a preset or settings, not both.', {
      errors: [{ pointer: '/settings', detail: 'there is a preset, too' }],
    });
  }
  if (settings === undefined) return resolveSettings(preset);
  const parsed = Settings.safeParse(settings);
  if (!parsed.success) throw problemFromIssues('invalid-settings', parsed.error.issues, ['settings']);
  const unsupported = unsupportedSettings(parsed.data);
  if (unsupported.length > 0) throw notSupported(unsupported.map((name) => `/settings/${name}`));
  return parsed.data;
}

function notSupported(pointers: readonly string[]): Problem {
  return new Problem('not-supported', undefined, {
    errors: pointers.map((pointer) => ({ pointer, detail: 'this version cannot do it' })),
  });
}

/** An id that is no id belongs to nothing: the same answer as for an unknown one. @throws Problem `not-found` */
export function knownId(id: string): string {
  if (!Id.safeParse(id).success) throw new Problem('not-found', 'There is no conversion with this id.');
  return id.toLowerCase();
}
