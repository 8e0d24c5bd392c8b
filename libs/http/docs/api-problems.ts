import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { type ProblemCode, problems } from '#contracts';
import { problemMediaType } from '../problems/send-problem.ts';
import { problemReference } from './describe-problems.ts';

const [mediaType = ''] = problemMediaType.split(';');

/** The problems that an operation answers with, beside those that any may: one response for each status. */
export function ApiProblems(...codes: readonly ProblemCode[]): MethodDecorator & ClassDecorator {
  const byStatus = Map.groupBy(codes, (code) => problems[code].status);
  return applyDecorators(
    ...Array.from(byStatus, ([status, ofStatus]) =>
      ApiResponse({
        status,
        description: ofStatus.map((code) => `\`${code}\`: ${problems[code].title}`).join('; '),
        content: { [mediaType]: { schema: problemReference } },
      }),
    ),
  );
}
