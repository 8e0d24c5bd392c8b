import { z } from 'zod';

/** The longest password that is hashed: longer ones would only cost time. */
const longest = 256;

export const Email = z
  .string()
  .max(254)
  .transform((email) => email.trim().toLowerCase())
  .pipe(z.email());

const NewPassword = z.string().min(8).max(longest);
/** What is tried may be anything: whether it is right is all that is said of it. */
const TriedPassword = z.string().max(longest);

export const Registration = z.strictObject({ email: Email, password: NewPassword });
export type Registration = z.infer<typeof Registration>;

export const Login = z.strictObject({ email: z.string().max(254), password: TriedPassword });
export type Login = z.infer<typeof Login>;

export const PasswordChange = z.strictObject({ currentPassword: TriedPassword, newPassword: NewPassword });
export type PasswordChange = z.infer<typeof PasswordChange>;

/** For what a token alone is not enough. */
export const Confirmation = z.strictObject({ password: TriedPassword });
export type Confirmation = z.infer<typeof Confirmation>;

export const RefreshRequest = z.strictObject({ refreshToken: z.string().max(512) });
export type RefreshRequest = z.infer<typeof RefreshRequest>;

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
