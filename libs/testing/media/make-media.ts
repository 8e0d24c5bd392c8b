export const mediaKinds = ['mp4-aac'] as const;
export type MediaKind = (typeof mediaKinds)[number];

/** Makes a file of test media with the system's ffmpeg, once per run, and gives its path. */
export async function makeMedia(_kind: MediaKind, _options: { seconds?: number } = {}): Promise<string> {
  throw new Error('not there yet');
}
