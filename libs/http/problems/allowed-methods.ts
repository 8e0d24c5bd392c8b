import type { Request } from 'express';

interface Layer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** The methods that the request's address does take (RFC 9110, 15.5.6); empty for an address that does not exist. */
export function allowedMethods({ app, path }: Request): readonly string[] {
  const { stack } = app.router as unknown as { readonly stack: readonly Layer[] };
  const methods = stack
    .filter((layer) => layer.route !== undefined && layer.match(path))
    .flatMap(({ route }) => Object.keys(route?.methods ?? {}));
  return [...new Set(methods)].map((method) => method.toUpperCase()).sort();
}
