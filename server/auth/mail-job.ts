// The background side of mails: looks up whom a mail is for, makes the voucher and sends it.
import type { Jobs } from '../jobs/queue.ts';
import { mailOf } from '../mail/letter.ts';
import type { Mailer } from '../mail/mailer.ts';
import type { RegistryHolder } from '../metadata/registry.ts';
import { issueLink } from './link.ts';
import { type MailJob, mailQueue, prepareMails } from './mail-post.ts';
import { signInLetter } from './mail-texts.ts';
import { passwordOf } from './password-mark.ts';
import type { AuthServices } from './services.ts';
import { type User, userByEmail, userById } from './users.ts';
import { vouchers } from './vouchers.ts';

export interface MailServices extends Pick<AuthServices, 'knex'> {
  readonly registry: RegistryHolder;
  readonly jobs: Jobs;
  readonly mailer: Mailer;
  readonly publicUrl: string;
  readonly onError: (message: string, error: unknown) => void;
}

/** A mail that the server did not take is tried again with a new link; a link that was never read does no harm. */
export async function startMails(services: MailServices): Promise<void> {
  await prepareMails(services.jobs);
  await services.jobs.work<MailJob>(mailQueue, async ({ data }) => {
    try {
      await send(services, data);
    } catch (error) {
      services.onError('A mail could not be sent (FORMWORK_SMTP_URL)', error);
      throw error;
    }
  });
}

async function send(services: MailServices, job: MailJob): Promise<void> {
  const { mailer, publicUrl } = services;
  const registry = services.registry.current();
  const user = await recipient(services, job);
  if (user === undefined) return;
  const url = await issueLink({ services, vouchers: vouchers(services), publicUrl }, job.kind, user.id);
  const language = user.language ?? registry.app.languages[0] ?? 'en';
  const letter = signInLetter(job.kind, language, {
    app: registry.app.label[language] ?? registry.app.label['en'] ?? registry.app.name,
    name: user.name,
    invitedBy: job.kind === 'invitation' ? job.invitedBy : '',
    url,
  });
  await mailer.send(mailOf(user.email, letter));
}

/** A new password is for those who have one: others sign on elsewhere, or have an invitation to accept first. */
async function recipient({ knex, registry }: MailServices, job: MailJob): Promise<User | undefined> {
  const current = registry.current();
  if (job.kind === 'reset') {
    const found = await userByEmail(knex, current, job.email);
    return found?.user.active === true && found.password !== null ? found.user : undefined;
  }
  const user = await userById(knex, current, job.userId);
  return user?.active === true && (await passwordOf(knex, current, user.id)) === null ? user : undefined;
}
