import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Problem } from '#http';

@ApiTags('live')
@Controller()
export class LiveController {
  /** A WebSocket: each message is JSON. This answers whoever asks for anything else. */
  @Get('v1/live')
  notUpgraded(): never {
    // RFC 9110, 15.5.22: says which protocol.
    throw new Problem('upgrade-required', undefined, { headers: { Upgrade: 'websocket', Connection: 'Upgrade' } });
  }
}
