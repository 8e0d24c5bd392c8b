import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { OpenStreams } from '../responses/open-streams.ts';

/** No new connections, streams ended, requests in hand finished, then everything else in Nest's own order. */
export async function closeGracefully(app: NestExpressApplication): Promise<void> {
  const server: Server = app.getHttpServer();
  server.close();
  app.get(OpenStreams).closeAll();
  server.closeIdleConnections();
  await app.close();
}
