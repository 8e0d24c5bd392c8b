import { z } from 'zod';

/** The longest password that is hashed: longer ones would only cost time. */
const longest = 256;

export const Email = z
  .string()
  .max(254)
  .transform((email) => email.trim().toLowerCase())
  .pipe(z.email());

export const Registration = z.strictObject({
  email: Email,
  password: z.string().min(8).max(longest),
});
export type Registration = z.infer<typeof Registration>;

/** What is tried at a login may be anything: whether it is right is all that is said of it. */
export const Login = z.strictObject({ email: z.string().max(254), password: z.string().max(longest) });
export type Login = z.infer<typeof Login>;

/** RFC 7617: user and password of an `Authorization: Basic` header; null for any other header. */
export function readBasic(header: string | undefined): Login | null {
  const [scheme, encoded] = header?.split(' ') ?? [];
  if (scheme?.toLowerCase() !== 'basic' || encoded === undefined) return null;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 0) return null;
  const login = Login.safeParse({ email: decoded.slice(0, colon), password: decoded.slice(colon + 1) });
  return login.success ? login.data : null;
}
