import { randomUUID } from 'node:crypto';
import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { conversionIdForUpload, Id, resolveSettings } from '#contracts';
import {
  ApiProblems,
  Caller,
  demandScope,
  linkHeader,
  linkToNext,
  type Paged,
  pageOf,
  paging,
  RequireScope,
  TokenGuard,
} from '#http';
import { CompleteUpload } from '../application/complete-upload.ts';
import { DeleteUpload } from '../application/delete-upload.ts';
import { GetUpload } from '../application/get-upload.ts';
import { ListUploads } from '../application/list-uploads.ts';
import { UploadDocument } from '../application/upload-document.ts';
import { UploadQuota } from '../application/upload-quota.ts';
import { ReceiveBody, type ReceivedBody } from './receive-body.ts';

const ListRequest = z.strictObject(paging);
type ListRequest = z.infer<typeof ListRequest>;
const TutorialAnswer = z.object({ fid: Id.describe('For /download') });

const text = { type: 'string' as const };
const convert = {
  name: 'convert',
  required: false,
  description: 'A preset’s name, or settings as JSON: begins a conversion of this upload. Also as a form’s field',
  schema: text,
};
const fileName = { name: 'filename', required: false, description: 'Of a file that is the body itself', schema: text };

const form = {
  type: 'object' as const,
  properties: { convert: text, file: { type: 'string' as const, format: 'binary' } },
  required: ['file'],
};
const body = { description: 'A form, or the file itself', schema: { oneOf: [form, { ...text, format: 'binary' }] } };

@ApiTags('uploads')
@ApiBearerAuth()
@Controller()
@UseGuards(TokenGuard)
export class UploadsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly body: ReceiveBody,
    private readonly quota: UploadQuota,
  ) {}

  @Post('v1/uploads')
  @ApiOperation({
    summary: 'The file as multipart (fields before `file`), or as the raw body with `?filename=&convert=`',
  })
  @RequireScope('uploads:write')
  @ApiConsumes('multipart/form-data', 'application/octet-stream')
  @ApiBody(body)
  @ApiQuery(convert)
  @ApiQuery(fileName)
  @ApiCreatedResponse({
    description: 'It is stored, and durable',
    standardSchema: UploadDocument,
    headers: { Location: { description: 'The upload', required: true, schema: text } },
  })
  @ApiProblems('upload-too-large', 'unsupported-media-type', 'invalid-settings', 'not-supported')
  @ApiProblems('quota-exceeded', 'busy', 'storage-full')
  async upload(
    @Caller() caller: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<UploadDocument> {
    const upload = await this.body.receive(caller, request, response, (body) => this.#complete(caller, body));
    response.location(`/v1/uploads/${upload.id}`);
    return upload;
  }

  @Post('upload')
  @ApiOperation({
    summary: 'Upload and convert, as in the well-known tutorial services',
    description: '`fid` is where the MP3 will be.',
  })
  @HttpCode(202)
  @RequireScope('uploads:write')
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: form })
  @ApiAcceptedResponse({ description: 'It is stored, and its conversion begins', standardSchema: TutorialAnswer })
  @ApiProblems('upload-too-large', 'unsupported-media-type', 'invalid-settings', 'not-supported')
  @ApiProblems('quota-exceeded', 'busy', 'storage-full')
  async tutorialUpload(
    @Caller() caller: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.infer<typeof TutorialAnswer>> {
    demandScope(caller, 'conversions:write');
    await this.quota.admitConversion(caller.userId);
    const { id } = await this.body.receive(caller, request, response, (body) =>
      this.#complete(caller, { ...body, convert: body.convert ?? resolveSettings('mp3') }),
    );
    return { fid: conversionIdForUpload(id) };
  }

  @Get('v1/uploads')
  @ApiOperation({
    summary: 'The caller’s uploads, newest first',
    description: 'What was acknowledged a moment ago may be missing for a moment.',
  })
  @RequireScope('conversions:read')
  @ApiOkResponse({ description: 'A page', standardSchema: pageOf(UploadDocument), headers: linkHeader })
  async list(
    @Caller() { userId }: Caller,
    @Query({ schema: ListRequest }) { limit, cursor }: ListRequest,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Paged<UploadDocument>> {
    const page = await this.queries.execute(new ListUploads(userId, limit, cursor));
    if (page.next !== null) response.setHeader('Link', linkToNext(request, page.next));
    return page;
  }

  @Get('v1/uploads/:id')
  @ApiOperation({ summary: 'One upload', description: 'As the log says now: what was acknowledged is there at once.' })
  @RequireScope('conversions:read')
  @ApiOkResponse({ description: 'The upload', standardSchema: UploadDocument })
  get(@Caller() { userId }: Caller, @Param('id') id: string): Promise<UploadDocument> {
    return this.queries.execute(new GetUpload(userId, id.toLowerCase()));
  }

  @Delete('v1/uploads/:id')
  @ApiOperation({
    summary: 'Removes the file and its name',
    description: 'Conversions of it that go on are cancelled; outputs that are there stay.',
  })
  @HttpCode(204)
  @RequireScope('uploads:write')
  @ApiNoContentResponse({ description: 'It is gone; also when it was before' })
  @ApiProblems('storage-full')
  async remove(@Caller() { userId }: Caller, @Param('id') id: string): Promise<void> {
    await this.commands.execute(new DeleteUpload(userId, id.toLowerCase()));
  }

  #complete({ userId }: Caller, { blob, fileName, mediaType, convert }: ReceivedBody): Promise<UploadDocument> {
    return this.commands.execute(new CompleteUpload(randomUUID(), userId, blob, fileName, mediaType, convert));
  }
}
