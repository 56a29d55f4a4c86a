// Hands mails of sign-in to the queue: a worker makes the voucher and sends it, again when the mail server was away.
import type { Knex } from 'knex';
import type { Jobs } from '../jobs/queue.ts';
import { problem } from '../problem.ts';

export const mailQueue = 'mails';

/** What waits in the queue: never a voucher. `email` as it was typed, whether there is such an account or not. */
export type MailJob =
  | { readonly kind: 'reset'; readonly email: string }
  | { readonly kind: 'invitation'; readonly userId: string; readonly invitedBy: string };

export interface MailPost {
  post(job: MailJob, transaction?: Knex.Transaction): Promise<void>;
}

/** Jobs hold addresses of people, so they are not kept. */
export const prepareMails = (jobs: Jobs): Promise<void> =>
  jobs.queue(mailQueue, { retryLimit: 8, expireInSeconds: 120, deleteAfterSeconds: 600 });

export function mailPost(jobs: Jobs): MailPost {
  let prepared: Promise<void> | undefined;
  return {
    async post(job, transaction) {
      prepared ??= prepareMails(jobs).catch((error: unknown) => {
        prepared = undefined;
        throw error;
      });
      await prepared;
      await jobs.send(mailQueue, job, transaction === undefined ? {} : { transaction });
    },
  };
}

/** @throws problem `mail_not_configured` */
export function mailOrRefuse({ mail }: { readonly mail: MailPost | undefined }): MailPost {
  if (mail === undefined)
    throw problem('mail_not_configured', {
      detail: 'No mail server is set (FORMWORK_SMTP_URL); ask whoever manages users for a link.',
    });
  return mail;
}
