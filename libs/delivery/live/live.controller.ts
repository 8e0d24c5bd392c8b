import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { ApiProblems, Problem } from '#http';

const text = { type: 'string' as const };
const description = `A WebSocket (RFC 6455) with the subprotocol \`mixdown.v1\`; each message is JSON. The token goes into
\`Authorization\`, or, as browsers need it, into a second subprotocol \`bearer.TOKEN\`. Say \`{"subscribe": "all"}\` or
\`{"subscribe": {"conversion": ID}}\`; what is told then, and how to go on after a break without missing anything, is in
docs/api.md, “Live”. What is wrong with a message is told in a message, as a problem document: \`invalid-request\`,
\`not-found\`, or \`cursor-expired\` where a cursor is too far back.`;

@ApiTags('live')
@Controller()
export class LiveController {
  /** This answers whoever asks for anything else than a WebSocket. */
  @Get('v1/live')
  @ApiOperation({ summary: 'What happens to the caller’s conversions, live, over a WebSocket', description })
  @ApiBearerAuth()
  // Or the subprotocol.
  @ApiSecurity({})
  @ApiResponse({
    status: 101,
    description: 'It goes on as a WebSocket',
    headers: { 'Sec-WebSocket-Protocol': { description: '`mixdown.v1`', required: true, schema: text } },
  })
  @ApiProblems('upgrade-required', 'missing-scope', 'foreign-origin', 'busy')
  notUpgraded(): never {
    // RFC 9110, 15.5.22: says which protocol.
    throw new Problem('upgrade-required', undefined, { headers: { Upgrade: 'websocket', Connection: 'Upgrade' } });
  }
}
