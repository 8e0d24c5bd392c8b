/** An MPEG audio Layer III frame's header: ISO 11172-3 section 2.4.2.3, ISO 13818-3 section 2.4.2.3. */
export interface FrameHeader {
  /** MPEG-1 (32, 44.1, 48 kHz), MPEG-2 (half of these) or MPEG-2.5 (a quarter; not in the standard, but in the world). */
  readonly version: 1 | 2 | 2.5;
  readonly protectedByCrc: boolean;
  readonly kbps: number;
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  readonly padded: boolean;
  /** Samples per channel in the frame: two granules of 576 in MPEG-1, one below. */
  readonly samples: 1152 | 576;
  /** Bytes, header and side information included. */
  readonly length: number;
  /** Bytes of side information after the header and the CRC. */
  readonly sideInfoLength: 9 | 17 | 32;
}

const bitRatesMpeg1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const bitRatesMpeg2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const sampleRatesMpeg1 = [44100, 48000, 32000];

/** kbit/s by the header's index; the first stands for free format. */
export function bitRatesOf(version: FrameHeader['version']): readonly number[] {
  return version === 1 ? bitRatesMpeg1 : bitRatesMpeg2;
}

/** Bytes of a frame without padding. */
export function frameLength(
  { samples, sampleRate }: Pick<FrameHeader, 'samples' | 'sampleRate'>,
  kbps: number,
): number {
  return Math.floor((samples * kbps * 125) / sampleRate);
}

/** Null where no Layer III frame begins; free format (bit rate index 0) counts as none. */
export function parseFrameHeader(bytes: Buffer, at = 0): FrameHeader | null {
  if (at + 4 > bytes.length) return null;
  const word = bytes.readUInt32BE(at);
  if (word >>> 21 !== 0x7ff || ((word >>> 17) & 3) !== 1) return null;
  const version = ([2.5, null, 2, 1] as const)[(word >>> 19) & 3];
  const base = sampleRatesMpeg1[(word >>> 10) & 3];
  if (version === undefined || version === null || base === undefined) return null;
  const kbps = bitRatesOf(version)[(word >>> 12) & 15];
  if (kbps === undefined || kbps === 0) return null;
  const sampleRate = version === 1 ? base : version === 2 ? base / 2 : base / 4;
  const padded = ((word >>> 9) & 1) === 1;
  const channels = ((word >>> 6) & 3) === 3 ? 1 : 2;
  const samples = version === 1 ? 1152 : 576;
  return {
    version,
    protectedByCrc: ((word >>> 16) & 1) === 0,
    kbps,
    sampleRate,
    channels,
    padded,
    samples,
    length: frameLength({ samples, sampleRate }, kbps) + (padded ? 1 : 0),
    sideInfoLength: version === 1 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17,
  };
}
