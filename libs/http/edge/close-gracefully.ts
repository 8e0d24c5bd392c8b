import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Config } from '#config';
import { OpenStreams } from '../responses/open-streams.ts';

const idleCheckMilliseconds = 100;

/**
 * No new connections, streams ended, requests in hand finished, then everything else in Nest's own order. Requests that
 * are not finished after the grace period are cut off: the rest has to be closed in order, too.
 */
export async function closeGracefully(app: NestExpressApplication): Promise<void> {
  const server: Server = app.getHttpServer();
  server.close();
  app.get(OpenStreams).closeAll();
  server.closeIdleConnections();
  // A connection that was busy becomes idle with its answer, and would be kept open for a next request.
  const idle = setInterval(() => server.closeIdleConnections(), idleCheckMilliseconds);
  const grace = setTimeout(() => server.closeAllConnections(), app.get(Config).shutdownGraceSeconds * 1_000);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(grace);
  }
}
