import { defineCollection } from '#documents';

export type User = {
  /** Trimmed and in lower case. */
  readonly email: string;
  /** PHC string. */
  readonly passwordHash: string;
  readonly createdAt: string;
  /** Of administrators alone. */
  readonly isAdmin?: true;
};

export const users = defineCollection<User>({
  name: 'users',
  kind: 'record',
  indexes: {
    byEmail: { fields: ['email'], unique: true },
    byAge: { fields: ['createdAt'] },
    byAdmin: { fields: ['isAdmin', 'createdAt'] },
  },
});
