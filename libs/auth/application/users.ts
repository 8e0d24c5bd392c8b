import { defineCollection } from '#documents';

export type User = {
  /** Trimmed and in lower case. */
  readonly email: string;
  /** PHC string. */
  readonly passwordHash: string;
  readonly createdAt: string;
};

export const users = defineCollection<User>({
  name: 'users',
  kind: 'record',
  indexes: { byEmail: { fields: ['email'], unique: true } },
});
