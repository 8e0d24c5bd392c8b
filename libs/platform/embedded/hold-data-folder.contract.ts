/** For the spec of the lock: opens the folder and keeps it until killed. */
import { DataFolder } from './data-folder.ts';

const [, , path = ''] = process.argv;
await DataFolder.open(path);
process.stdout.write('held\n');
setInterval(() => {}, 60_000);
