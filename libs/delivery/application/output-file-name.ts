import { uploadFiles } from '#contracts';
import type { Documents } from '#documents';

const fallback = 'audio';

/** The upload's name with the output's ending: `Holiday 1.mp4` becomes `Holiday 1.mp3`. */
export async function outputFileName(documents: Documents, uploadId: string): Promise<string> {
  const stored = await documents.get(uploadFiles, uploadId);
  const name = stored?.document.fileName ?? fallback;
  return `${name.replace(/\.[^.]{1,8}$/, '') || fallback}.mp3`;
}
