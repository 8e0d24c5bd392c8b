import { type FileHandle, open } from 'node:fs/promises';
import { readAt } from './file-window.ts';

/** What ffprobe does not tell of an audio track in a QuickTime or ISO base media file. */
export interface MovAudioTrack {
  /** The sample entry's type as written (ISO 14496-12 section 8.5.2): ffprobe shows what encryption hides behind it. */
  readonly sampleEntry: string;
  /** Entries of the edit list (section 8.6.6). */
  readonly edits: number;
}

/** The types that encrypted tracks have: ISO 14496-12 section 8.12 (`enca`), Apple's and Audible's own. */
const encryptedEntries = new Set(['enca', 'drms', 'aavd']);

export function isEncryptedEntry(track: MovAudioTrack): boolean {
  return encryptedEntries.has(track.sampleEntry);
}

interface Box {
  readonly type: string;
  /** Of the box's content. */
  readonly start: number;
  readonly end: number;
}

/** The audio tracks in their order; bounded in reads, whatever the file says. */
export async function readMovAudioTracks(path: string): Promise<readonly MovAudioTrack[]> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const movie = await child(file, { type: 'file', start: 0, end: size }, 'moov');
    if (movie === null) return [];
    const tracks: MovAudioTrack[] = [];
    for await (const box of children(file, movie)) {
      const track = box.type === 'trak' ? await audioTrack(file, box) : null;
      if (track !== null) tracks.push(track);
    }
    return tracks;
  } finally {
    await file.close();
  }
}

async function audioTrack(file: FileHandle, track: Box): Promise<MovAudioTrack | null> {
  const media = await child(file, track, 'mdia');
  const handler = await child(file, media, 'hdlr');
  if (handler === null || (await fourAt(file, handler.start + 8)) !== 'soun') return null;
  const table = await child(file, await child(file, media, 'minf'), 'stbl');
  const descriptions = await child(file, table, 'stsd');
  // Version, flags, number of entries; then the first entry's size and type.
  const sampleEntry = descriptions === null ? '' : await fourAt(file, descriptions.start + 12);
  const edits = await child(file, await child(file, track, 'edts'), 'elst');
  const count = edits === null ? null : await readAt(file, edits.start + 4, 4);
  return { sampleEntry, edits: count === null || count.length < 4 ? 0 : count.readUInt32BE(0) };
}

async function child(file: FileHandle, parent: Box | null, type: string): Promise<Box | null> {
  if (parent === null) return null;
  for await (const box of children(file, parent)) if (box.type === type) return box;
  return null;
}

/** A fragmented file's top level has thousands of boxes behind `moov`; in front of it there are few. */
const maxChildren = 1000;

async function* children(file: FileHandle, parent: Box): AsyncGenerator<Box> {
  let at = parent.start;
  for (let boxes = 0; boxes < maxChildren && at + 8 <= parent.end; boxes++) {
    const header = await readAt(file, at, 16);
    if (header.length < 8) return;
    const size = header.readUInt32BE(0);
    const long = size === 1 && header.length === 16;
    const length = size === 0 ? parent.end - at : long ? Number(header.readBigUInt64BE(8)) : size;
    if (length < 8) return;
    const end = Math.min(at + length, parent.end);
    yield { type: header.toString('latin1', 4, 8), start: at + (long ? 16 : 8), end };
    at = end;
  }
}

async function fourAt(file: FileHandle, at: number): Promise<string> {
  return (await readAt(file, at, 4)).toString('latin1');
}
