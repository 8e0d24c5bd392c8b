import type { SwaggerDocumentOptions } from '@nestjs/swagger';
import { z } from 'zod';

type Convert = NonNullable<SwaggerDocumentOptions['standardSchemaConverter']>;

/** OpenAPI 3.1 has JSON Schema of 2020-12; left to itself, Nest writes that of OpenAPI 3.0. */
export const toJsonSchema: Convert = (schema, { schemaType }) => {
  if (!(schema instanceof z.ZodType)) return undefined;
  const { $schema: _, $defs = {}, ...converted } = z.toJSONSchema(schema, { io: schemaType });
  return { schema: converted, components: $defs };
};
