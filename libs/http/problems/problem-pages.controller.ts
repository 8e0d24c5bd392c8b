import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { type ProblemCode, problems } from '#contracts';
import { Problem } from './problem.ts';

function isCode(code: string): code is ProblemCode {
  return Object.hasOwn(problems, code);
}

const Page = z.object({ status: z.int(), title: z.string(), cause: z.string(), cure: z.string() });
const OnePage = Page.extend({ type: z.string(), code: z.string() });

/** A page for people, and the same for programs. */
function asPageOrJson(schema: z.ZodType) {
  return {
    'text/html': { schema: { type: 'string' as const } },
    'application/json': { schema: z.toJSONSchema(schema) as object },
  };
}

/** What a problem's `type` points at: its cause and its cure. */
@ApiTags('problems')
@Controller('problems')
export class ProblemPagesController {
  @Get()
  @ApiOperation({ summary: 'All problems' })
  @ApiOkResponse({ description: 'By their codes', content: asPageOrJson(z.record(z.string(), Page)) })
  index(@Req() request: Request, @Res() response: Response): void {
    if (request.accepts('html', 'json') === 'json') {
      response.json(problems);
      return;
    }
    const rows = Object.entries(problems).map(
      ([code, { status, title }]) =>
        `<li><a href="/problems/${code}"><code>${code}</code></a> (${status}): ${escaped(title)}</li>`,
    );
    response.type('html').send(page('Problems', `<ul>${rows.join('')}</ul>`));
  }

  @Get(':code')
  @ApiOperation({ summary: 'What leads to a problem, and what to do about it' })
  @ApiOkResponse({ description: 'Its cause and its cure', content: asPageOrJson(OnePage) })
  one(@Param('code') code: string, @Req() request: Request, @Res() response: Response): void {
    if (!isCode(code)) throw new Problem('not-found', 'There is no problem of this name.');
    const problem = problems[code];
    if (request.accepts('html', 'json') === 'json') {
      response.json({ type: `/problems/${code}`, code, ...problem });
      return;
    }
    const { status, title, cause, cure } = problem;
    const body = `<p>HTTP status ${status}, code <code>${code}</code></p><h2>Cause</h2><p>${withCode(cause)}</p><h2>Cure</h2><p>${withCode(cure)}</p><p><a href="/problems">All problems</a></p>`;
    response.type('html').send(page(escaped(title), body));
  }
}

function page(title: string, body: string): string {
  const style =
    'body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style><h1>${title}</h1>${body}</html>`;
}

/** The texts of the table mark code as Markdown does. */
function withCode(text: string): string {
  return escaped(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
