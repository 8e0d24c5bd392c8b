import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { presets, Settings } from '#contracts';

const Presets = z.object({ presets: z.record(z.string(), Settings) });

@ApiTags('conversions')
@Controller('v1/presets')
export class PresetsController {
  @Get()
  @ApiOperation({
    summary: 'Settings by name',
    description: 'The same for everybody, so it asks for no token.',
    security: [],
  })
  @ApiOkResponse({ description: 'Settings by name', standardSchema: Presets })
  list(): z.infer<typeof Presets> {
    return { presets };
  }
}
