/**
 * Puts the built command line and everything that it imports into a few files, in its place: docs/adr/0016. Run by
 * `npm run build`, after the compiler.
 */
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = `${root}dist/apps/cli`;

const bundle = await rolldown({
  input: `${cli}/main.js`,
  platform: 'node',
  // They look for files beside their own.
  external: ['fluent-ffmpeg', 'pino'],
  // Nest looks for packages that one may have beside it. What is not among ours stays an import that may fail.
  onLog: (level, log, print) => (log.code === 'UNRESOLVED_IMPORT' ? undefined : print(level, log)),
  checks: { eval: false },
  plugins: [
    {
      name: 'places',
      // Workers, programs and package.json are looked for from where a file was, not from where it was put.
      transform(code, id) {
        if (!id.startsWith(`${root}dist/`) || !code.includes('import.meta.url')) return null;
        const place = JSON.stringify(relative(cli, id));
        return code.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`);
      },
    },
  ],
});
const { output } = await bundle.generate({ format: 'esm', keepNames: true });
await bundle.close();
await rm(cli, { recursive: true });
await mkdir(cli);
for (const file of output) await writeFile(`${cli}/${file.fileName}`, file.type === 'chunk' ? file.code : file.source);
await chmod(`${cli}/main.js`, 0o755);
