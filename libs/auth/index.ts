export { type Account, Accounts } from './application/accounts.ts';
export { Registration } from './application/credentials.ts';
export { AuthModule } from './auth.module.ts';
