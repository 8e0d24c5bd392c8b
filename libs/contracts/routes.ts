export const serviceNames = ['auth', 'upload', 'conversion', 'encoder', 'delivery'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Each URL prefix belongs to one service, so that a proxy or an Ingress can route by prefix. */
export const routeTable: Readonly<Record<string, ServiceName>> = {
  '/v1/auth': 'auth',
  '/v1/me': 'auth',
  '/v1/api-keys': 'auth',
  '/v1/users': 'auth',
  '/login': 'auth',
  '/v1/uploads': 'upload',
  '/v1/files': 'upload',
  '/upload': 'upload',
  '/v1/conversions': 'conversion',
  '/v1/presets': 'conversion',
  '/v1/outputs': 'delivery',
  '/v1/live': 'delivery',
  '/v1/webhooks': 'delivery',
  '/download': 'delivery',
};

/** The service that answers at this path; undefined for what every service has, such as `/health`, and for nothing. */
export function serviceOf(path: string): ServiceName | undefined {
  const prefix = Object.keys(routeTable).find((known) => path === known || path.startsWith(`${known}/`));
  return prefix === undefined ? undefined : routeTable[prefix];
}
