import { type FileHandle, open } from 'node:fs/promises';
import { isMatroskaCut } from './cut/matroska.ts';
import { isMovCut } from './cut/mov.ts';
import { isMp3Cut } from './cut/mp3.ts';
import { isProgramStreamCut, isTransportStreamCut } from './cut/mpeg.ts';
import { isOggCut } from './cut/ogg.ts';
import { isRiffCut } from './cut/riff.ts';
import type { Demuxer } from './demuxer.ts';

type CutCheck = (file: FileHandle, fileSize: number) => Promise<boolean>;

const checks: Partial<Record<Demuxer, CutCheck>> = {
  mov: isMovCut,
  matroska: isMatroskaCut,
  avi: isRiffCut,
  wav: isRiffCut,
  ogg: isOggCut,
  mp3: isMp3Cut,
  mpegts: isTransportStreamCut,
  mpeg: isProgramStreamCut,
};

/**
 * Whether the container itself says that the file should be longer. ffmpeg exits 0 on many cut files, so this is asked
 * of the bytes. False where a container has no such statement: then durations decide.
 */
export async function isCutOff(path: string, demuxer: Demuxer): Promise<boolean> {
  const check = checks[demuxer];
  if (check === undefined) return false;
  const file = await open(path, 'r');
  try {
    return await check(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
}
