import { type FileHandle, open } from 'node:fs/promises';
import { parseFrameHeader } from '../mp3/frame-header.ts';
import type { Demuxer } from './demuxer.ts';
import { readAt } from './file-window.ts';
import { id3Length } from './id3.ts';
import { isAdts, isFrameChain, isProgramStream, transportPacketSize } from './packet-sync.ts';

const headBytes = 64 * 1024;

/**
 * Which demuxer a file's first bytes call for; null when none of ours, so playlists, scripts and text are. The name of
 * the file has no say: ffmpeg, left to guess, follows a playlist named `.mp4` to other local files.
 */
export async function sniffContainer(path: string): Promise<Demuxer | null> {
  const file = await open(path, 'r');
  try {
    const head = await readAt(file, 0, headBytes);
    const tag = id3Length(head);
    if (tag === 0) return sniffHead(head, (await file.stat()).size);
    return await sniffAfterTag(file, tag);
  } finally {
    await file.close();
  }
}

/** Only audio files carry an ID3 tag in front; a video behind one is not what any player expects. */
async function sniffAfterTag(file: FileHandle, tag: number): Promise<Demuxer | null> {
  const { size } = await file.stat();
  const found = sniffHead(await readAt(file, tag, headBytes), size - tag);
  return found === 'mp3' || found === 'aac' || found === 'flac' || found === 'wav' ? found : null;
}

/** Box types that a QuickTime or ISO base media file begins with. */
const firstBoxes = new Set(['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot']);

export function sniffHead(head: Buffer, fileSize: number): Demuxer | null {
  if (head.length < 12) return null;
  const text = (from: number, to: number) => head.toString('latin1', from, to);
  const four = text(0, 4);
  if (firstBoxes.has(text(4, 8)) && isBoxSize(head)) return 'mov';
  if (head.readUInt32BE(0) === 0x1a45dfa3) return /matroska|webm/.test(text(4, 64)) ? 'matroska' : null;
  if ((four === 'RIFF' || four === 'RF64' || four === 'RIFX') && text(8, 12) === 'WAVE') return 'wav';
  if (four === 'RIFF' && text(8, 11) === 'AVI') return 'avi';
  // FLV, Adobe's specification 10.1, annex E.2: version 1, reserved flag bits zero, a header of 9 bytes.
  if (text(0, 3) === 'FLV' && head[3] === 1 && (head.readUInt8(4) & 0xfa) === 0 && head.readUInt32BE(5) === 9)
    return 'flv';
  if (four === 'OggS' && head[4] === 0) return 'ogg';
  if (four === 'fLaC') return 'flac';
  if (isProgramStream(head)) return 'mpeg';
  if (transportPacketSize(head) !== null) return 'mpegts';
  const whole = head.length === fileSize;
  if (isAdts(head, whole)) return 'aac';
  const isMp3 = isFrameChain(head, whole, (at) => {
    const frame = parseFrameHeader(head, at);
    return frame === null ? null : { length: frame.length, kind: frame.sampleRate };
  });
  return isMp3 ? 'mp3' : null;
}

/** 0: to the end of the file; 1: a 64-bit size follows; else at least the header's own 8 bytes. */
function isBoxSize(head: Buffer): boolean {
  const size = head.readUInt32BE(0);
  return size <= 1 || size >= 8;
}
