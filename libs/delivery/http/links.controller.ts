import { Body, Controller, Get, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiCreatedResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Blobs } from '#blobs';
import { Config } from '#config';
import { ApiProblems, Caller, Problem, RequireScope, TokenGuard } from '#http';
import { CreateLink } from '../application/create-link.ts';
import { FindOutput } from '../application/find-output.ts';
import { longestLink, OutputLinks } from '../application/output-links.ts';
import { ApiDownload } from './api-download.ts';
import { sendOutput } from './send-output.ts';

const LinkRequest = z.strictObject({
  expiresIn: z.int().min(1).max(longestLink).describe(`Seconds; at most ${longestLink}, which is a week`),
});
type LinkRequest = z.infer<typeof LinkRequest>;

const Link = z.object({ url: z.url(), expiresAt: z.iso.datetime() });
type Link = z.infer<typeof Link>;

/** Links that anybody may follow who has them. */
@ApiTags('outputs')
@Controller('v1/outputs/:conversionId')
export class LinksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly links: OutputLinks,
    private readonly blobs: Blobs,
    private readonly config: Config,
  ) {}

  @Post('links')
  @ApiOperation({ summary: 'A link that works without a token, until it expires or the conversion is deleted' })
  @UseGuards(TokenGuard)
  @RequireScope('conversions:read')
  @ApiBearerAuth()
  @ApiCreatedResponse({
    description: 'The link',
    standardSchema: Link,
    headers: { Location: { description: 'The link', required: true, schema: { type: 'string' } } },
  })
  @ApiProblems('not-ready', 'expired', 'output-damaged')
  async create(
    @Caller() { userId }: Caller,
    @Param('conversionId') id: string,
    @Body({ schema: LinkRequest }) { expiresIn }: LinkRequest,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Link> {
    const link = await this.commands.execute(new CreateLink(userId, id.toLowerCase(), expiresIn));
    const url = new URL(`${this.config.publicUrl ?? originOf(request)}/v1/outputs/${link.conversionId}/file`);
    url.searchParams.set('sig', link.signature);
    response.location(url.href).setHeader('Cache-Control', 'no-store');
    return { url: url.href, expiresAt: link.expiresAt.toISOString() };
  }

  @Get('file')
  @ApiOperation({
    summary: 'The file, for whoever has a link to it',
    description: 'HEAD comes here as well.',
    security: [],
  })
  @ApiQuery({ name: 'sig', description: 'As the link has it', schema: { type: 'string' } })
  @ApiDownload()
  @ApiProblems('invalid-link')
  async follow(
    @Param('conversionId') id: string,
    @Query('sig') signature: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    if (typeof signature !== 'string') throw new Problem('invalid-link', 'The link has no signature, or several.');
    const conversionId = id.toLowerCase();
    this.links.check(conversionId, signature);
    const found = await this.queries.execute(new FindOutput(conversionId, 'whoever has a link'));
    await sendOutput(this.blobs, found, request, response);
  }
}

/** Where the client itself reaches the service; what a proxy says counts if it is trusted. */
function originOf({ protocol, host }: Request): string {
  return `${protocol}://${host}`;
}
