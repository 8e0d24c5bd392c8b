/** How long `GET /v1/conversions/{id}` takes: at rest, and while conversions use every core. */
import { setTimeout as delay } from 'node:timers/promises';
import { convert, makeLongAudio, upload } from './long-audio.ts';
import { quantile, register, startServer } from './running-server.ts';

const requests = 1_000;
/** A client that looks now and then; without the pause it would itself be the load. */
const pauseMilliseconds = 5;
const audioSeconds = 1_800;
const conversions = 2;

async function latencies(ask: () => Promise<Response>): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let n = 0; n < requests; n += 1) {
    const begun = performance.now();
    const response = await ask();
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${response.status}`);
    taken.push(performance.now() - begun);
    await delay(pauseMilliseconds);
  }
  return taken.toSorted((a, b) => a - b);
}

function row(taken: readonly number[]) {
  const at = (share: number) => Number(quantile(taken, share).toFixed(2));
  return { 'p50, ms': at(0.5), 'p95, ms': at(0.95), 'p99, ms': at(0.99), 'max, ms': at(1) };
}

await using audio = await makeLongAudio(audioSeconds);
await using server = await startServer();
const { url } = server;
const token = await register(url);
const headers = { authorization: `Bearer ${token}` };
const uploadId = await upload(url, token, audio);
const status = (id: string) => fetch(`${url}/v1/conversions/${id}`, { headers });
const isRunning = async (id: string) => ((await (await status(id)).json()) as { status: string }).status === 'running';

const first = await convert(url, token, uploadId);
await fetch(`${url}/v1/conversions/${first}/cancel`, { method: 'POST', headers });
await latencies(() => status(first));
const idle = await latencies(() => status(first));

const busy: string[] = [];
for (let n = 0; n < conversions; n += 1) busy.push(await convert(url, token, uploadId));
for (const id of busy) while (!(await isRunning(id))) await delay(50);
const loaded = await latencies(() => status(busy[0] ?? ''));
const stillRunning = await Promise.all(busy.map(isRunning));

console.table({ idle: row(idle), [`${conversions} conversions running`]: row(loaded) });
if (!stillRunning.every(Boolean))
  throw new Error('the conversions ended before the measurement did: make the audio longer');
