/** What a login gives. */
export interface Tokens {
  readonly accessToken: string;
  /** Renews the access token, once; absent where the server gives none. */
  readonly refreshToken?: string;
  /** Milliseconds since 1970; absent: not known. */
  readonly expiresAt?: number;
}

/** Where tokens are kept between runs. */
export interface TokenStore {
  /**
   * Renews under a lock of its own: refresh tokens are for one use, so of two programs that share tokens only one may
   * use them. `renew` gets what is stored now, and its result is stored.
   */
  renew(renew: (stored: Tokens | null) => Promise<Tokens>): Promise<Tokens>;
}

export type Credentials = Tokens | { readonly apiKey: string } | null;

/** Renewed this long before they expire, so that a request that has begun does not meet their end. */
const marginMilliseconds = 30_000;

const inMemory: TokenStore = { renew: (renew) => renew(null) };

/** Who the client is to the server: one set of tokens, renewed by whoever needs it first. */
export class Session {
  #credentials: Credentials;
  #renewal: Promise<void> | null = null;

  constructor(
    credentials: Credentials,
    private readonly refresh: (refreshToken: string) => Promise<Tokens>,
    private readonly store: TokenStore = inMemory,
  ) {
    this.#credentials = credentials;
  }

  /** Null when nobody is logged in. */
  get bearer(): string | null {
    if (this.#credentials === null) return null;
    return 'apiKey' in this.#credentials ? this.#credentials.apiKey : this.#credentials.accessToken;
  }

  get tokens(): Tokens | null {
    return this.#credentials !== null && 'accessToken' in this.#credentials ? this.#credentials : null;
  }

  set(credentials: Credentials): void {
    this.#credentials = credentials;
  }

  get isAboutToExpire(): boolean {
    const expiresAt = this.tokens?.expiresAt;
    return expiresAt !== undefined && expiresAt - Date.now() < marginMilliseconds;
  }

  /**
   * Gets new tokens in place of `refused`; several requests that were refused together share one renewal.
   * @returns false when there is nothing to renew them with
   */
  async renew(refused: string | null): Promise<boolean> {
    if (this.bearer !== refused) return true;
    if (this.tokens?.refreshToken === undefined) return false;
    this.#renewal ??= this.#renewNow(this.tokens).finally(() => {
      this.#renewal = null;
    });
    await this.#renewal;
    return true;
  }

  async #renewNow(mine: Tokens): Promise<void> {
    this.#credentials = await this.store.renew((stored) => {
      const isRenewedAlready = stored !== null && stored.accessToken !== mine.accessToken;
      return isRenewedAlready ? Promise.resolve(stored) : this.refresh(mine.refreshToken ?? '');
    });
  }
}

/** What `/v1/auth/login` and `/v1/auth/refresh` answer. */
export interface SessionDocument {
  readonly accessToken: string;
  readonly tokenType: 'Bearer';
  /** Seconds. */
  readonly expiresIn: number;
  readonly refreshToken?: string;
}

export function toTokens({ accessToken, expiresIn, refreshToken }: SessionDocument): Tokens {
  return {
    ...{ accessToken, expiresAt: Date.now() + expiresIn * 1_000 },
    ...(refreshToken === undefined ? {} : { refreshToken }),
  };
}
