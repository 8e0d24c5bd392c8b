interface ProblemType {
  readonly status: number;
  readonly title: string;
  /** What usually leads here. */
  readonly cause: string;
  /** What the client can do about it. */
  readonly cure: string;
}

/** Every problem that an HTTP response can carry (RFC 9457): one table, one page of documentation each. */
export const problems = {
  'invalid-request': {
    status: 400,
    title: 'The request is not well formed',
    cause: 'The body, a parameter or a header does not have the documented shape.',
    cure: 'Look at `errors`: each entry points at the place and says what is wrong there. Correct it and send again.',
  },
  unauthenticated: {
    status: 401,
    title: 'A valid access token or API key is needed',
    cause: 'The request had neither, or one that this service did not issue or that no longer counts.',
    cure: 'Log in with POST /v1/auth/login and send `Authorization: Bearer <accessToken>`, or send an API key in its place.',
  },
  'invalid-credentials': {
    status: 401,
    title: 'E-mail address or password is wrong',
    cause: 'No account has this e-mail address and this password together.',
    cure: 'Check both. Accounts are made with POST /v1/auth/register or `mixdown user add`.',
  },
  'token-expired': {
    status: 401,
    title: 'The access token has expired',
    cause: 'Access tokens live 15 minutes; an API key may have an end of its own.',
    cure: 'Get a new token with POST /v1/auth/refresh, or log in again, and repeat the request with it.',
  },
  'refresh-token-refused': {
    status: 401,
    title: 'This refresh token is not, or no longer, good',
    cause: 'It was replaced, its session has ended, or this service did not issue it.',
    cure: 'Log in again. Keep only the newest refresh token of a session: using an older one ends the session.',
  },
  'wrong-password': {
    status: 403,
    title: 'The password is wrong',
    cause: 'This request needs the password of the account, and another one was given.',
    cure: 'Send the password that the account has now.',
  },
  'quota-exceeded': {
    status: 403,
    title: 'The account’s quota is used up',
    cause: 'The account has or does as much as it may.',
    cure: 'See `detail` for what, how much and when again. Whoever runs the service can give more.',
  },
  'missing-scope': {
    status: 403,
    title: 'Not allowed',
    cause: 'This credential, or this service’s configuration, does not allow the request.',
    cure: 'Use a credential with the scope that `detail` names, or ask whoever runs the service.',
  },
  'invalid-link': {
    status: 403,
    title: 'This link opens nothing',
    cause: 'The link was changed or cut, is for another file, or its time is over.',
    cure: 'Ask whoever gave it for a new one: POST /v1/outputs/{id}/links makes it.',
  },
  'foreign-origin': {
    status: 403,
    title: 'This web page may not connect',
    cause: 'The connection’s `Origin` is neither the service’s own nor one that its configuration allows.',
    cure: 'Ask whoever runs the service to add the origin to CORS_ORIGINS. Programs other than browsers send none.',
  },
  'not-found': {
    status: 404,
    title: 'There is no such thing here',
    cause: 'The address or the id is unknown, or belongs to somebody else.',
    cure: 'Check the id and the account that the token belongs to.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'This address does not take this method',
    cause: 'The address exists, but not for this HTTP method.',
    cure: 'See `Allow` in the response’s headers, or /docs.',
  },
  'upload-too-slow': {
    status: 408,
    title: 'The request came too slowly',
    cause: 'The headers or the body made less than the minimum progress.',
    cure: 'Send again over a better connection.',
  },
  'email-taken': {
    status: 409,
    title: 'This e-mail address has an account already',
    cause: 'An account with this e-mail address exists.',
    cure: 'Log in, or register another address.',
  },
  'last-admin': {
    status: 409,
    title: 'This is the last active administrator',
    cause: 'Without this account nobody could administer the service.',
    cure: 'Make another administrator first: `mixdown user add --admin`.',
  },
  'conversion-finished': {
    status: 409,
    title: 'The conversion has already ended',
    cause: 'A conversion that is completed, failed or cancelled cannot be cancelled.',
    cure: 'Nothing is left to stop. Delete it if it should go.',
  },
  'conversion-not-failed': {
    status: 409,
    title: 'Only a failed or cancelled conversion can be retried',
    cause: 'The conversion is still going on, or is completed.',
    cure: 'Wait for its end, or start a new conversion of the upload.',
  },
  'not-ready': {
    status: 409,
    title: 'The output is not there yet',
    cause: 'The conversion has not completed.',
    cure: 'Ask again after the seconds in `Retry-After`, or follow the conversion’s events.',
  },
  expired: {
    status: 410,
    title: 'It is no longer here',
    cause: 'The output or the upload was deleted, or its time is over.',
    cure: 'Convert the video again.',
  },
  'cursor-expired': {
    status: 410,
    title: 'The cursor is too far back',
    cause: 'More has happened since than is told again one by one.',
    cure: 'Subscribe without the cursor, then list with GET /v1/conversions what is there.',
  },
  'upload-too-large': {
    status: 413,
    title: 'The body is too large',
    cause: 'The body is larger than this service takes.',
    cure: 'See `detail` for the limit, and send something smaller.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'A body of this media type is not taken here',
    cause: 'The Content-Type is missing or not one that this address takes.',
    cure: 'See /docs for the media types that this address takes.',
  },
  'range-not-satisfiable': {
    status: 416,
    title: 'No byte of the file is in that range',
    cause: 'The Range header asks only for bytes beyond the end of the file.',
    cure: 'Look at `Content-Range` for the size, and ask for a range inside it.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'This Idempotency-Key was used for another request',
    cause: 'The same key came before with another body.',
    cure: 'Use a new key for a new request; repeat a request with exactly the same body.',
  },
  'invalid-settings': {
    status: 422,
    title: 'These settings cannot be used',
    cause: 'A setting has a value that does not exist, or two settings contradict each other.',
    cure: 'Look at `errors`, and at GET /v1/presets for settings that work.',
  },
  'not-supported': {
    status: 422,
    title: 'This is specified, but this version cannot do it',
    cause: 'The request asks for something that this version’s engine does not do.',
    cure: 'Leave out what `errors` names.',
  },
  'upgrade-required': {
    status: 426,
    title: 'This address speaks WebSocket only',
    cause: 'The request did not ask to go on as a WebSocket.',
    cure: 'Connect with a WebSocket client, or follow one conversion with GET /v1/conversions/{id}/events.',
  },
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    cause: 'More requests came than this service answers in the time.',
    cure: 'Wait for the seconds in `Retry-After`. `RateLimit` in every answer says how many are left.',
  },
  'headers-too-large': {
    status: 431,
    title: 'The request’s headers are too large',
    cause: 'Request line and headers together are larger than 16 KiB.',
    cure: 'Send fewer or shorter headers, and long parameters in the body.',
  },
  internal: {
    status: 500,
    title: 'The service failed',
    cause: 'A fault of the service, not of the request. It was logged with the request’s trace id.',
    cure: 'Repeat the request. If it fails again, give the trace id to whoever runs the service.',
  },
  'output-damaged': {
    status: 500,
    title: 'The stored output does not match its checksum',
    cause: 'The stored bytes are not those that the conversion recorded.',
    cure: 'Convert the video again, and tell whoever runs the service.',
  },
  busy: {
    status: 503,
    title: 'The service is busy',
    cause: 'As much is going on at once as the service takes.',
    cure: 'Send again after the seconds in `Retry-After`. Nothing of this request was kept.',
  },
  'dependency-unavailable': {
    status: 503,
    title: 'A part that this service depends on is away',
    cause: 'A store or the bus does not answer.',
    cure: 'Send again after the seconds in `Retry-After`. What was acknowledged before is safe.',
  },
  'storage-full': {
    status: 507,
    title: 'There is no room to store this',
    cause: 'The storage is full.',
    cure: 'Send again later. Whoever runs the service has to make room.',
  },
} as const satisfies Record<string, ProblemType>;

export type ProblemCode = keyof typeof problems;
