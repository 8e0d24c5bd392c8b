import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { describeProblems } from './describe-problems.ts';
import { handlersOf, operationId } from './handlers.ts';
import { toJsonSchema } from './to-json-schema.ts';

const overview = `Turns video into audio. Answers that are not a success are problems (RFC 9457), and \`/problems\` lists them all: each status of an operation names its codes. An address that is not here is answered with \`404\` (\`not-found\`), and another method than those of an address with \`405\` (\`method-not-allowed\`) and \`Allow\`.`;
const license = { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' };

/**
 * `/openapi.json` and `/docs`, made when somebody first asks for them.
 * @param publicUrl where clients reach the service; else wherever they got the document from
 */
export function addDocs(app: NestExpressApplication, publicUrl: string | undefined): void {
  const description = new DocumentBuilder()
    .setTitle('mixdown')
    .setDescription(overview)
    .setLicense(license.name, license.url)
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addServer(publicUrl ?? '/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .addBasicAuth({ type: 'http', scheme: 'basic', description: 'E-mail address and password' })
    .build();
  let made: OpenAPIObject | undefined;
  SwaggerModule.setup(
    'docs',
    app,
    () => {
      made ??= describeProblems(
        SwaggerModule.createDocument(app, description, {
          operationIdFactory: operationId,
          standardSchemaConverter: toJsonSchema,
        }),
        handlersOf(app),
      );
      return made;
    },
    { jsonDocumentUrl: '/openapi.json', yamlDocumentUrl: '/openapi.yaml', customSiteTitle: 'mixdown API' },
  );
}
