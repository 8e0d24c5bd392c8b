/** What access tokens are signed with; bound by the platform. */
export class JwtSecret {
  constructor(readonly value: string) {}
}
