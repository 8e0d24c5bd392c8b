import type { FileHandle } from 'node:fs/promises';
import { readAt } from '../file-window.ts';
import { programStreamUnit, transportPacketSize } from '../packet-sync.ts';

/** A transport stream declares no length, but it is made of whole packets. */
export async function isTransportStreamCut(file: FileHandle, fileSize: number): Promise<boolean> {
  const size = transportPacketSize(await readAt(file, 0, 2048));
  return size !== null && fileSize % size !== 0;
}

/** A pack is at most some dozens of KiB; the last one begins in here. */
const tailBytes = 256 * 1024;

/** A program stream declares no length either: cut when its last packet goes beyond the file's end. */
export async function isProgramStreamCut(file: FileHandle, fileSize: number): Promise<boolean> {
  const tail = await readAt(file, Math.max(0, fileSize - tailBytes), tailBytes);
  let at = tail.lastIndexOf(Buffer.from([0, 0, 1, 0xba]));
  if (at < 0) return false;
  while (at < tail.length) {
    const length = programStreamUnit(tail, at);
    if (length === null) return tail.length - at < 14 && isUnitStart(tail.subarray(at));
    at += length;
  }
  return at > tail.length;
}

/** Whether these last bytes begin a packet or pack; the program's end code (0xb9) is complete in four. */
function isUnitStart(rest: Buffer): boolean {
  if (rest.length >= 4 && rest.readUInt8(3) === 0xb9) return false;
  return [0, 0, 1].every((byte, index) => index >= rest.length || rest[index] === byte);
}
