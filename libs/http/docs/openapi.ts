import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** `/openapi.json` and `/docs`, made when somebody first asks for them. */
export function addDocs(app: NestExpressApplication): void {
  const description = new DocumentBuilder()
    .setTitle('mixdown')
    .setDescription('Turns video into audio. Problems are documents of RFC 9457; `/problems` lists them all.')
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, description), {
    jsonDocumentUrl: '/openapi.json',
    yamlDocumentUrl: '/openapi.yaml',
    customSiteTitle: 'mixdown API',
  });
}
