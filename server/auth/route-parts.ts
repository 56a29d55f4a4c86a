// What the sign-in routes are made of.

import type { Repository } from '../repository/repository.ts';
import type { Log } from '../telemetry/log.ts';
import type { ApiKeys } from './api-keys.ts';
import type { AuthCookies } from './auth-cookies.ts';
import type { Callers } from './callers.ts';
import type { KeyCallers } from './key-callers.ts';
import type { LoginAttempts } from './login-attempts.ts';
import type { MailPost } from './mail-post.ts';
import type { LoginParts } from './open-session.ts';
import type { Sessions } from './sessions.ts';
import type { SignOn } from './sign-on.ts';

export interface RouteParts extends LoginParts {
  readonly repository: Repository;
  readonly callers: Callers;
  readonly sessions: Sessions;
  readonly keys: ApiKeys;
  readonly keyCallers: KeyCallers;
  readonly cookies: AuthCookies;
  /** Bounds how many mails somebody can make the server send. */
  readonly mailAttempts: LoginAttempts;
  /** Undefined where no mail server is set. */
  readonly mail: MailPost | undefined;
  /** Undefined where no provider is set. */
  readonly signOn: SignOn | undefined;
  /** The address under which people reach the server; never taken from a request, which could name another. */
  readonly publicUrl: string;
  readonly log?: Pick<Log, 'error'> | undefined;
}
