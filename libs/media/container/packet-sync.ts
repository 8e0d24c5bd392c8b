/**
 * Formats without a magic number are known by their packets following one another. Each function says whether `head`,
 * the file's first bytes, is such a run; `whole` is true when `head` is the entire file, which may then be short.
 */

const consecutive = 5;

/**
 * MPEG-TS, ISO 13818-1 section 2.4.3.2: a sync byte every 188 bytes; every 192 with M2TS's time code in front, every 204
 * with parity behind. The size, or null where that is not so.
 */
export function transportPacketSize(head: Buffer): 188 | 192 | 204 | null {
  const layouts = [
    { size: 188, offset: 0 },
    { size: 192, offset: 4 },
    { size: 204, offset: 0 },
  ] as const;
  const layout = layouts.find(
    ({ size, offset }) =>
      head.length >= offset + size * consecutive &&
      Array.from({ length: consecutive }, (_, index) => head[offset + index * size]).every((byte) => byte === 0x47),
  );
  return layout?.size ?? null;
}

/** MPEG-PS, ISO 13818-1 section 2.5.3 and ISO 11172-1 section 2.4.3: pack headers and packets, end to end. */
export function isProgramStream(head: Buffer): boolean {
  if (head.length < 4 || head.readUInt32BE(0) !== 0x000001ba) return false;
  let at = 0;
  for (let packets = 0; packets < consecutive; packets++) {
    const length = programStreamUnit(head, at);
    if (length === null) return false;
    at += length;
    if (packets > 0 && at >= head.length) return true;
  }
  return true;
}

/** Bytes of the pack header or packet that begins at a position; null where none does, or too little of it is there. */
export function programStreamUnit(head: Buffer, at: number): number | null {
  if (at + 14 > head.length || head.readUIntBE(at, 3) !== 1) return null;
  const code = head.readUInt8(at + 3);
  const marker = head.readUInt8(at + 4);
  if (code === 0xba) {
    if ((marker & 0xc0) === 0x40) return 14 + (head.readUInt8(at + 13) & 7);
    return (marker & 0xf0) === 0x20 ? 12 : null;
  }
  return code >= 0xbb ? 6 + head.readUInt16BE(at + 4) : null;
}

/** ADTS, ISO 13818-7 section 6.2: several frames whose fixed headers agree, each where the one before ends. */
export function isAdts(head: Buffer, whole: boolean): boolean {
  return isFrameChain(head, whole, (at) => {
    if (head.readUInt8(at) !== 0xff || (head.readUInt8(at + 1) & 0xf6) !== 0xf0) return null;
    if (((head.readUInt8(at + 2) >> 2) & 0xf) > 12) return null;
    const length = (head.readUIntBE(at + 3, 3) >> 5) & 0x1fff;
    return length >= 7 ? { length, kind: head.readUIntBE(at, 3) >> 2 } : null;
  });
}

/**
 * @param frameAt the length of the frame that begins at a position with at least 7 bytes, and what must not change from
 * frame to frame; null where none begins
 */
export function isFrameChain(
  head: Buffer,
  whole: boolean,
  frameAt: (at: number) => { readonly length: number; readonly kind: number } | null,
): boolean {
  let at = 0;
  let kind: number | null = null;
  for (let frames = 0; frames < consecutive; frames++) {
    if (at + 7 > head.length) return whole && frames >= 2 && at === head.length;
    const frame = frameAt(at);
    if (frame === null || (kind !== null && kind !== frame.kind)) return false;
    kind = frame.kind;
    at += frame.length;
  }
  return true;
}
