// Sends mails over SMTP.
import { createTransport } from 'nodemailer';

export interface Mail {
  /** One address. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Mailer {
  /** @throws Error when the server does not take it */
  send(mail: Mail): Promise<void>;
}

export interface MailerOptions {
  /** `smtp://user:password@host:port` (STARTTLS where the server offers it, `?requireTLS=true` to insist) or `smtps://…`. */
  readonly url: string;
  readonly from: string;
}

const connectMs = 10_000;
const silenceMs = 30_000;

export function smtpMailer({ url, from }: MailerOptions): Mailer {
  const transport = createTransport({
    url,
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: silenceMs,
    // A mail is made of its texts alone.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, ...mail }) {
      // As an object: an address is one address, whatever characters it has.
      await transport.sendMail({ from, to: { name: '', address: to }, ...mail, headers: { 'Auto-Submitted': 'auto-generated' } });
    },
  };
}
