import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type PresetName, presets, type Settings } from '#contracts';

@ApiTags('conversions')
@Controller('v1/presets')
export class PresetsController {
  /** The same for everybody, so it asks for no token. */
  @Get()
  list(): { presets: Record<PresetName, Settings> } {
    return { presets };
  }
}
