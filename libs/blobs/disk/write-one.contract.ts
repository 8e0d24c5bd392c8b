/** Run under strace: stores one blob in the folder given, and prints its key when that is acknowledged. */
import { DiskBlobs } from './disk-blobs.ts';

const blobs = await DiskBlobs.open(process.argv[2] ?? '');
async function* bytes() {
  yield new Uint8Array(10_000);
}
const { key } = await blobs.write(bytes(), { maxBytes: 100_000 });
process.stdout.write(`${key}\n`);
