import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { crashPoints } from '#crash-points';

/** One environment variable: what it is called, what it may be, what it means. */
export interface Setting<T = unknown> {
  readonly name: string;
  readonly schema: z.ZodType<T>;
  /** As a person would type it; null when it has none. */
  readonly default: string | null;
  /** How the default is described, where it depends on the machine. */
  readonly defaultMeans?: string;
  readonly meaning: string;
}

export function setting<T>(name: string, schema: z.ZodType<T>, byDefault: string | null, meaning: string): Setting<T> {
  return { name, schema, default: byDefault, meaning };
}

export const text = z.string().min(1);
export function whole(from: number, to: number) {
  return z
    .string()
    .regex(/^\d+$/, `a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `a whole number from ${from} to ${to}`);
}
/** People who keep a server's URL in a variable of this name are told so, before a resolver fails on it. */
const host = text.regex(/^[^/\s]+$/, 'an address or a name like 127.0.0.1, not a URL');
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);
const address = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'an IP address or a range like 10.0.0.0/8');
/** A number of proxies or their addresses, never "all": whoever may name its own address evades every limit. */
const proxies = z.union([
  z.literal('false').transform(() => false as const),
  z.literal('true').transform(() => 1),
  whole(0, 16),
  list.pipe(z.array(address)),
]);
const origin = z
  .string()
  .refine(
    (value) => value === '*' || (URL.canParse(value) && new URL(value).origin === value),
    '`*`, or scheme, host and port alone, like https://example.org',
  );
export const webAddress = z
  .url({ protocol: /^https?$/, error: 'a URL like https://mixdown.example.org' })
  .transform((value) => value.replace(/\/+$/, ''));
const bytes = z
  .string()
  .regex(/^\d+(\.\d+)?\s*([KMGT]iB)?$/, 'a number of bytes, or a number with KiB, MiB, GiB or TiB')
  .transform((value) => {
    const unit = ['KiB', 'MiB', 'GiB', 'TiB'].findIndex((name) => value.endsWith(name)) + 1;
    return Math.round(Number.parseFloat(value) * 1024 ** unit);
  })
  .refine((value) => value >= 1 && value <= Number.MAX_SAFE_INTEGER, 'more than nothing, and less than 8,192 TiB');
const crashAt = z
  .string()
  .transform((value) => {
    const [point, passes = ''] = value.split(':');
    return { point, passes };
  })
  .pipe(z.object({ point: z.enum(crashPoints), passes: whole(0, 1_000_000) }));

/** Everything that can be configured. The README's table is generated from this one. */
export const configTable = {
  host: setting('HOST', host, '127.0.0.1', 'Address to listen on'),
  port: setting('PORT', whole(0, 65_535), '8080', 'Port to listen on; 0 takes a free one'),
  dataDir: setting('DATA_DIR', text, './data', 'Folder of everything that is kept; one process at a time'),
  platform: setting('PLATFORM', z.enum(['embedded']), 'embedded', 'Which stores and bus: `embedded` needs no server'),
  ffmpegPath: setting('FFMPEG_PATH', text.optional(), null, 'ffmpeg to use; else the system’s, else the bundled one'),
  ffprobePath: setting('FFPROBE_PATH', text.optional(), null, 'The same for ffprobe'),
  encoderConcurrency: {
    ...setting('ENCODER_CONCURRENCY', whole(1, 1_024), String(availableParallelism()), 'Conversions worked on at once'),
    defaultMeans: 'the machine’s cores',
  },
  maxUploadBytes: setting('MAX_UPLOAD_BYTES', bytes, '4 GiB', 'Largest upload'),
  uploadConcurrency: setting('UPLOAD_CONCURRENCY', whole(1, 10_000), '32', 'Bodies received at once'),
  maxDurationSeconds: setting('MAX_DURATION_SECONDS', whole(1, 864_000), '43200', 'Longest media, in seconds'),
  conversionDeadlineSeconds: setting(
    'CONVERSION_DEADLINE_SECONDS',
    whole(1, 31_536_000),
    '86400',
    'Time from request to end, in seconds; then the conversion fails',
  ),
  sweepSeconds: setting(
    'SWEEP_SECONDS',
    whole(1, 86_400),
    '30',
    'How often unfinished conversions, ended sessions and erasures are looked after, in seconds',
  ),
  shutdownGraceSeconds: setting(
    'SHUTDOWN_GRACE_SECONDS',
    whole(1, 3_600),
    '20',
    'Time to finish at SIGTERM, in seconds',
  ),
  jwtSecret: setting(
    'JWT_SECRET',
    z.string().min(32, 'at least 32 characters').optional(),
    null,
    'Signs access tokens; made and kept in DATA_DIR when not given',
  ),
  publicUrl: setting(
    'PUBLIC_URL',
    webAddress.optional(),
    null,
    'Where clients reach it, if a proxy in front changes `Host`: for links to outputs, and the origin of its own pages',
  ),
  trustProxy: setting(
    'TRUST_PROXY',
    proxies,
    'false',
    'How many proxies are in front (`true`: one), or their addresses; the client’s is then taken from X-Forwarded-For',
  ),
  requestsPerMinutePerAddress: setting(
    'REQUESTS_PER_MINUTE_PER_ADDRESS',
    whole(0, 10_000_000),
    '12000',
    'Requests that one address (of IPv6, one /64) may send a minute; 0 is no limit',
  ),
  requestsPerMinutePerUser: setting(
    'REQUESTS_PER_MINUTE_PER_USER',
    whole(0, 10_000_000),
    '6000',
    'The same for one user',
  ),
  uploadBytesPerUser: setting(
    'UPLOAD_BYTES_PER_USER',
    bytes.optional(),
    null,
    'Bytes of uploads that a user may have stored at once, where the user has no quota of its own; else no limit',
  ),
  conversionsPerDayPerUser: setting(
    'CONVERSIONS_PER_DAY_PER_USER',
    whole(0, 10_000_000).optional(),
    null,
    'The same for conversions within 24 hours',
  ),
  conversionsAtOncePerUser: setting(
    'CONVERSIONS_AT_ONCE_PER_USER',
    whole(0, 10_000_000).optional(),
    null,
    'The same for conversions that have not ended',
  ),
  registration: setting('REGISTRATION', z.enum(['open', 'closed']), 'open', 'Whether anybody may register'),
  corsOrigins: setting(
    'CORS_ORIGINS',
    list.pipe(z.array(origin)),
    '',
    'Origins of web pages that may use the API, separated by commas',
  ),
  logLevel: setting(
    'LOG_LEVEL',
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    'info',
    'How much is logged',
  ),
  crashAt: setting('CRASH_AT', crashAt.optional(), null, 'For tests: kill the process at a named crash point'),
  adverseSeed: setting(
    'ADVERSE_SEED',
    whole(0, 4_294_967_295).optional(),
    null,
    'For tests: make the platform misbehave in every way that its ports allow',
  ),
} as const satisfies Record<string, Setting>;
