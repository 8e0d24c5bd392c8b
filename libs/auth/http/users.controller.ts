import { Body, Controller, Get, Param, Patch, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { ApiProblems, nextLink, RequireScope, TokenGuard } from '#http';
import { Email } from '../application/credentials.ts';
import { UserChange, UserDirectory, UserDocument } from '../application/user-directory.ts';

const UserList = z.object({ users: z.array(UserDocument) });
const ListQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(2_000).optional(),
  email: Email.optional(),
});
type ListQuery = z.infer<typeof ListQuery>;

@ApiTags('administration')
@ApiBearerAuth()
@ApiProblems('unauthenticated', 'token-expired', 'missing-scope', 'rate-limited')
@Controller('v1/users')
@UseGuards(TokenGuard)
@RequireScope('admin')
export class UsersController {
  constructor(private readonly directory: UserDirectory) {}

  /** Newest first. `Link` has the address of the next page. */
  @Get()
  @ApiOkResponse({
    description: 'A page of users',
    standardSchema: UserList,
    headers: { Link: { description: 'RFC 8288, `rel="next"`; absent on the last page', schema: { type: 'string' } } },
  })
  @ApiProblems('invalid-request')
  async list(
    @Query({ schema: ListQuery }) { limit, cursor, email }: ListQuery,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ users: readonly UserDocument[] }> {
    const { users, next } = await this.directory.list({ limit, cursor, email });
    if (next !== null) response.setHeader('Link', nextLink(request.originalUrl, next));
    return { users };
  }

  @Get(':id')
  @ApiOkResponse({ description: 'The user', standardSchema: UserDocument })
  @ApiProblems('not-found')
  get(@Param('id') id: string): Promise<UserDocument> {
    return this.directory.get(id);
  }

  /** A disabled user is out within seconds, everywhere, and keeps everything. */
  @Patch(':id')
  @ApiOkResponse({ description: 'The user as it is now', standardSchema: UserDocument })
  @ApiProblems('invalid-request', 'not-found', 'last-admin')
  change(@Param('id') id: string, @Body({ schema: UserChange }) change: UserChange): Promise<UserDocument> {
    return this.directory.change(id, change);
  }
}
