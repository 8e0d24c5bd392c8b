/** How long from starting the process to ready, and from a kill in mid-work to the work going on. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeMedia } from '#testing/media';
import { Client } from '../test/support/client.ts';
import { System, temporaryFolder } from '../test/support/system.ts';

const runs = 5;
const pollMilliseconds = 10;

function spread(milliseconds: readonly number[]): string {
  const sorted = milliseconds.toSorted((a, b) => a - b).map(Math.round);
  return `median ${sorted[Math.floor(sorted.length / 2)]} ms (${sorted[0]} to ${sorted.at(-1)}, ${sorted.length} runs)`;
}

async function untilReady(url: string): Promise<void> {
  while (!(await fetch(`${url}/health/ready`)).ok) await delay(pollMilliseconds);
}

async function untilWorking(url: string): Promise<void> {
  while (!/^mixdown_encoder_slots_busy 1$/m.test(await (await fetch(`${url}/metrics`)).text()))
    await delay(pollMilliseconds);
}

async function timeStarts(): Promise<readonly number[]> {
  await using folder = await temporaryFolder();
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const begun = performance.now();
    const system = await System.start(join(folder.path, 'data'));
    await untilReady(system.url);
    times.push(performance.now() - begun);
    await system.stop();
  }
  return times;
}

async function timeRecoveries(): Promise<readonly number[]> {
  const video = await makeMedia('mov-pcm', { seconds: 600 });
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    await using folder = await temporaryFolder();
    const system = await System.start(join(folder.path, 'data'));
    const client = await Client.register(system.url);
    const id = await client.convert((await client.upload(video)).id);
    for await (const { type } of client.follow(id)) if (type === 'mixdown.conversion.source-inspected.v1') break;
    await untilWorking(system.url);
    const begun = performance.now();
    await system.kill();
    const next = await System.start(join(folder.path, 'data'));
    await untilWorking(next.url);
    times.push(performance.now() - begun);
    await next.kill();
  }
  return times;
}

console.log(`from start to ready: ${spread(await timeStarts())}; aim: 2000`);
console.log(`from kill -9 to the conversion going on: ${spread(await timeRecoveries())}; aim: 5000`);
