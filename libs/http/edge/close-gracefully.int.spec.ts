import { once } from 'node:events';
import type { Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { Controller, Get, Inject, type OnModuleDestroy, Res } from '@nestjs/common';
import type { Response } from 'express';
import { expect, it } from 'vitest';
import { OpenStreams } from '../responses/open-streams.ts';
import { closeGracefully } from './close-gracefully.ts';
import { EdgeUnderTest } from './under-test.contract.ts';

const asked = { slow: Promise.withResolvers<void>(), finish: Promise.withResolvers<void>() };
const destroyed = Promise.withResolvers<void>();

@Controller()
class Answers implements OnModuleDestroy {
  constructor(@Inject(OpenStreams) private readonly streams: OpenStreams) {}

  /** Nest closes the server only when everybody has been told. */
  onModuleDestroy() {
    return destroyed.promise;
  }

  @Get('slow')
  async slow() {
    asked.slow.resolve();
    await asked.finish.promise;
    return 'finished';
  }

  @Get('stream')
  stream(@Res() response: Response) {
    const signal = this.streams.track(response);
    signal.addEventListener('abort', () => response.end('ended in order'));
    response.write('begun, ');
  }

  @Get('never')
  never(@Res() response: Response) {
    response.write('begun');
  }
}

it('finishes what is in hand, ends streams, and takes nothing more', async () => {
  const edge = await EdgeUnderTest.start([Answers]);
  // Node’s own end of an idle connection would come seconds later.
  (edge.app.getHttpServer() as Server).keepAliveTimeout = 0;
  const idle = await edge.connect();
  idle.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(idle, 'data');
  const slow = await edge.connect();
  slow.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
  const slowAnswer = text(slow);
  const stream = await fetch(`${edge.url}/stream`);
  await asked.slow.promise;

  const closed = closeGracefully(edge.app);
  await expect(fetch(`${edge.url}/health/live`)).rejects.toThrow();
  destroyed.resolve();
  expect(await stream.text()).toBe('begun, ended in order');
  if (!idle.closed) await once(idle, 'close');
  asked.finish.resolve();
  // Kept alive, this connection would hold the close back for as long as keep-alive lasts.
  expect(await slowAnswer).toMatch(/200 OK[\s\S]*finished$/);
  await closed;
});

it('cuts off what is not finished after the grace period', async () => {
  const edge = await EdgeUnderTest.start([Answers], { SHUTDOWN_GRACE_SECONDS: '1' });
  const response = await fetch(`${edge.url}/never`);
  const cut = response.text();
  await Promise.all([closeGracefully(edge.app), expect(cut).rejects.toThrow()]);
});
