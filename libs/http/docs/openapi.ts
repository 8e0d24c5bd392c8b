import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { describeProblems } from './describe-problems.ts';

/**
 * `/openapi.json` and `/docs`, made when somebody first asks for them.
 * @param publicUrl where clients reach the service; else wherever they got the document from
 */
export function addDocs(app: NestExpressApplication, publicUrl: string | undefined): void {
  const description = new DocumentBuilder()
    .setTitle('mixdown')
    .setDescription('Turns video into audio. Problems are documents of RFC 9457; `/problems` lists them all.')
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
      made ??= describeProblems(SwaggerModule.createDocument(app, description));
      return made;
    },
    { jsonDocumentUrl: '/openapi.json', yamlDocumentUrl: '/openapi.yaml', customSiteTitle: 'mixdown API' },
  );
}
