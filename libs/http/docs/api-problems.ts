import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { type ProblemCode, problems } from '#contracts';
import { problemContent } from './describe-problems.ts';

/** The problems that are peculiar to a route, in its documentation: one answer for each status, naming its codes. */
export function ApiProblems(...codes: readonly ProblemCode[]): MethodDecorator & ClassDecorator {
  const statuses = [...new Set(codes.map((code) => problems[code].status))];
  return applyDecorators(
    ...statuses.map((status) => {
      const here = codes.filter((code) => problems[code].status === status);
      const description = here.map((code) => `\`${code}\`: ${problems[code].title}`).join('; ');
      return ApiResponse({ status, description, content: problemContent });
    }),
  );
}
