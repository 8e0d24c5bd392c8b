import { randomUUID } from 'node:crypto';
import { Controller, Get, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { conversionIdForUpload, resolveSettings } from '#contracts';
import { Caller, TokenGuard } from '#http';
import { CompleteUpload } from '../application/complete-upload.ts';
import { GetUpload } from '../application/get-upload.ts';
import type { UploadDocument } from '../application/upload-document.ts';
import { ReceiveBody, type ReceivedBody } from './receive-body.ts';

@ApiTags('uploads')
@ApiBearerAuth()
@Controller()
@UseGuards(TokenGuard)
export class UploadsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly body: ReceiveBody,
  ) {}

  /** The file as multipart (fields before `file`), or as the raw body with `?filename=&convert=`. */
  @Post('v1/uploads')
  @ApiConsumes('multipart/form-data', 'application/octet-stream')
  async upload(
    @Caller() { userId }: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<UploadDocument> {
    const upload = await this.body.receive(request, response, (body) => this.#complete(userId, body));
    response.location(`/v1/uploads/${upload.id}`);
    return upload;
  }

  /** As in the well-known tutorial services: the upload starts its conversion, `fid` is where the MP3 will be. */
  @Post('upload')
  @HttpCode(202)
  @ApiConsumes('multipart/form-data')
  async tutorialUpload(
    @Caller() { userId }: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ fid: string }> {
    const { id } = await this.body.receive(request, response, (body) =>
      this.#complete(userId, { ...body, convert: body.convert ?? resolveSettings('mp3') }),
    );
    return { fid: conversionIdForUpload(id) };
  }

  @Get('v1/uploads/:id')
  get(@Caller() { userId }: Caller, @Param('id') id: string): Promise<UploadDocument> {
    return this.queries.execute(new GetUpload(userId, id));
  }

  #complete(userId: string, { blob, fileName, mediaType, convert }: ReceivedBody): Promise<UploadDocument> {
    return this.commands.execute(new CompleteUpload(randomUUID(), userId, blob, fileName, mediaType, convert));
  }
}
