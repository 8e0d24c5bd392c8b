import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { PresetName, presets, Settings } from '#contracts';

const Presets = z.object({ presets: z.record(PresetName, Settings) });

@ApiTags('conversions')
@Controller('v1/presets')
export class PresetsController {
  /** The same for everybody, so it asks for no token. */
  @Get()
  @ApiOkResponse({ description: 'Settings by name', standardSchema: Presets })
  list(): z.infer<typeof Presets> {
    return { presets };
  }
}
