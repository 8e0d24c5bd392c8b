const first = new Uint16Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  first[byte] = crc;
}
/** What a byte does to the checksum with one more byte behind it. */
const second = first.map((crc) => (crc >>> 8) ^ (first[crc & 0xff] ?? 0));

/** CRC-16 (polynomial 0x8005, reflected): LAME's checksum of its frame and of the music. @param crc of what came before */
export function crc16(bytes: Uint8Array, crc = 0): number {
  let value = crc;
  let at = 0;
  for (; at + 1 < bytes.length; at += 2) {
    value ^= (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    value = (second[value & 0xff] ?? 0) ^ (first[value >>> 8] ?? 0);
  }
  return at < bytes.length ? (value >>> 8) ^ (first[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0) : value;
}
