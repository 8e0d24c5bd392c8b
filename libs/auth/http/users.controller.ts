import { Body, Controller, Get, Param, Patch, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { ApiProblems, linkHeader, linkToNext, type Paged, pageOf, paging, RequireScope, TokenGuard } from '#http';
import { Email } from '../application/credentials.ts';
import { UserChange, UserDirectory, UserDocument } from '../application/user-directory.ts';

const ListRequest = z.strictObject({
  ...paging,
  email: Email.optional().describe('Only the user with this address'),
});
type ListRequest = z.infer<typeof ListRequest>;

@ApiTags('administration')
@ApiBearerAuth()
@Controller('v1/users')
@UseGuards(TokenGuard)
@RequireScope('admin')
export class UsersController {
  constructor(private readonly directory: UserDirectory) {}

  @Get()
  @ApiOperation({ summary: 'All users, newest first' })
  @ApiOkResponse({ description: 'A page', standardSchema: pageOf(UserDocument), headers: linkHeader })
  async list(
    @Query({ schema: ListRequest }) { limit, cursor, email }: ListRequest,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Paged<UserDocument>> {
    const page = await this.directory.list({ limit, cursor, email });
    if (page.next !== null) response.setHeader('Link', linkToNext(request, page.next));
    return page;
  }

  @Get(':id')
  @ApiOperation({ summary: 'One user' })
  @ApiOkResponse({ description: 'The user', standardSchema: UserDocument })
  get(@Param('id') id: string): Promise<UserDocument> {
    return this.directory.get(id);
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Changes what a user is and may do',
    description: 'A disabled user is out within seconds, everywhere, and keeps everything.',
  })
  @ApiOkResponse({ description: 'The user as it is now', standardSchema: UserDocument })
  @ApiProblems('last-admin', 'storage-full')
  change(@Param('id') id: string, @Body({ schema: UserChange }) change: UserChange): Promise<UserDocument> {
    return this.directory.change(id, change);
  }
}
