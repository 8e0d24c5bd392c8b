/** Bytes of the ID3v2 tag that `head` begins with; 0 without one. ID3v2.4 section 3.1: sizes have seven bits a byte. */
export function id3Length(head: Buffer): number {
  if (head.length < 10 || head.toString('latin1', 0, 3) !== 'ID3') return 0;
  const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + (head.readUInt8(at) & 0x7f), 0);
  const footer = (head.readUInt8(5) & 0x10) === 0 ? 0 : 10;
  return 10 + size + footer;
}
