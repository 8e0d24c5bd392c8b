import { Problem } from '#http';

/** The connection ended before the body did. Nobody reads the answer, and nobody is to blame on this side. */
export class ClientGone extends Problem {
  constructor() {
    super('invalid-request', 'The connection was closed before the body had ended.');
    this.name = 'ClientGone';
  }
}
