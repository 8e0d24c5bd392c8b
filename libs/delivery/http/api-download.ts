import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import { ApiProblems } from '#http';

const text = { type: 'string' as const };
const headers = {
  ETag: { description: 'Strong: the SHA-256 of the file', required: true, schema: text },
  'Content-Disposition': {
    description: 'The upload’s name, with the output’s ending (RFC 6266)',
    required: true,
    schema: text,
  },
  'Accept-Ranges': { description: '`bytes`', required: true, schema: text },
};
const content = { 'audio/mpeg': { schema: { type: 'string' as const, format: 'binary' } } };

/** The answers of every route that sends an output, for its documentation (RFC 9110). */
export function ApiDownload(): MethodDecorator {
  const rangeHeaders = {
    ...headers,
    'Content-Range': { description: 'Which bytes of how many', required: true, schema: text },
  };
  return applyDecorators(
    ApiHeader({ name: 'Range', required: false, description: 'One range of bytes' }),
    ApiHeader({ name: 'If-Range', required: false }),
    ApiHeader({ name: 'If-None-Match', required: false }),
    ApiResponse({ status: 200, description: 'The whole file', headers, content }),
    ApiResponse({ status: 206, description: 'The range that was asked for', headers: rangeHeaders, content }),
    ApiResponse({ status: 304, description: 'The client has it already', headers }),
    ApiProblems('dependency-unavailable', 'not-ready', 'expired', 'range-not-satisfiable', 'output-damaged'),
  );
}
