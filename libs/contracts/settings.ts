import { z } from 'zod';

/** Bit rates of MPEG-1 Layer III and of MPEG-2 Layer III (below 32 kHz), in kbit/s. ISO 11172-3 and 13818-3. */
export const bitRates = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320] as const;
/** Sample rates that MP3 knows, in Hz. */
export const sampleRates = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000] as const;

const Quality = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('vbr'),
    level: z.int().min(0).max(9).describe('0 is best and largest, 9 smallest'),
  }),
  z.strictObject({ mode: z.literal('cbr'), kbps: z.literal([...bitRates]).describe('Bit rate in kbit/s') }),
]);

const Trim = z
  .strictObject({
    start: z.number().min(0).optional().describe('Seconds from the beginning; default 0'),
    end: z.number().positive().optional().describe('Seconds from the beginning; default: to the end'),
  })
  .refine(({ start, end }) => end === undefined || end > (start ?? 0), {
    error: 'end must be after start',
    path: ['end'],
  });

/** What to produce. `format` discriminates: further formats get shapes of their own. */
export const Settings = z.strictObject({
  format: z.literal('mp3').default('mp3'),
  quality: Quality.default({ mode: 'vbr', level: 2 }),
  sampleRate: z
    .literal([...sampleRates])
    .optional()
    .describe('Hz; default: the source’s, or the nearest that MP3 knows'),
  channels: z
    .union([z.literal(1), z.literal(2)])
    .optional()
    .describe('Default: the source’s, at most 2'),
  audioTrack: z
    .int()
    .min(0)
    .max(63)
    .optional()
    .describe('Which of the file’s audio tracks, from 0; default: the one marked as default, or the first'),
  trim: Trim.optional(),
  loudness: z
    .strictObject({ integrated: z.number().min(-70).max(-5), truePeak: z.number().min(-9).max(0) })
    .optional()
    .describe('EBU R128 target: integrated loudness in LUFS, true peak in dBTP'),
  tags: z.record(z.string(), z.string().max(1000)).optional(),
  cover: z.boolean().optional(),
});
export type Settings = z.infer<typeof Settings>;

/** Named settings. */
export const presets = {
  mp3: { format: 'mp3', quality: { mode: 'vbr', level: 2 } },
  'mp3-320': { format: 'mp3', quality: { mode: 'cbr', kbps: 320 } },
  'mp3-128': { format: 'mp3', quality: { mode: 'cbr', kbps: 128 } },
  speech: { format: 'mp3', quality: { mode: 'vbr', level: 5 }, channels: 1 },
} as const satisfies Record<string, Settings>;

export type PresetName = keyof typeof presets;
export const PresetName = z.enum(Object.keys(presets) as [PresetName, ...PresetName[]]);

/** What a client may say where settings are wanted: the name of a preset, or the settings themselves. */
export const PresetOrSettings = z.union([PresetName, Settings]);

export function resolveSettings(chosen: z.infer<typeof PresetOrSettings> | undefined): Settings {
  if (chosen === undefined) return presets.mp3;
  return typeof chosen === 'string' ? presets[chosen] : chosen;
}

/** Settings that are specified but that this version's engine cannot do: they are refused, never ignored. */
export function unsupportedSettings(settings: Settings): readonly (keyof Settings)[] {
  const unsupported: (keyof Settings)[] = [];
  if (settings.loudness !== undefined) unsupported.push('loudness');
  if (settings.tags !== undefined) unsupported.push('tags');
  if (settings.cover === true) unsupported.push('cover');
  return unsupported;
}
