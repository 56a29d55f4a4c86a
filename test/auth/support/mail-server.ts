// A real SMTP server on loopback that keeps what it is sent, taken apart.
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly to: readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** As it came over the line. */
  readonly raw: string;
}

export interface MailServer {
  readonly url: string;
  readonly mails: ReceivedMail[];
  /** The next mails are not taken (SMTP 451), until it is false again. */
  refuse(away: boolean): void;
  /** The next mail to an address, from now on or already there. */
  mailTo(address: string): Promise<ReceivedMail>;
  close(): Promise<void>;
}

export async function mailServer(): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  let away = false;
  const server = new SMTPServer({
    authOptional: false,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, answer) =>
      username === 'formwork' && password === 'a secret' ? answer(null, { user: username }) : answer(new Error('no')),
    onData: (stream, session, answer) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (away) return answer(Object.assign(new Error('busy'), { responseCode: 451 }));
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        mails.push({ from, to: rcptTo.map(({ address }) => address), ...takenApart(Buffer.concat(chunks).toString('utf8')) });
        return answer();
      });
    },
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://formwork:${encodeURIComponent('a secret')}@127.0.0.1:${port}`,
    mails,
    refuse: (next) => {
      away = next;
    },
    mailTo: async (address) => {
      for (;;) {
        const at = mails.findIndex(({ to }) => to.includes(address));
        const [found] = at === -1 ? [] : mails.splice(at, 1);
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

function takenApart(raw: string): Pick<ReceivedMail, 'subject' | 'text' | 'html' | 'raw'> {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const boundary = /boundary="([^"]+)"/.exec(head)?.[1] ?? '';
  const parts = rest.join('\r\n\r\n').split(`--${boundary}`);
  const part = (type: string): string => {
    const [headers = '', ...body] = (parts.find((one) => one.includes(`Content-Type: ${type}`)) ?? '').split('\r\n\r\n');
    return decoded(body.join('\r\n\r\n').trimEnd(), /Transfer-Encoding: (\S+)/i.exec(headers)?.[1] ?? '7bit');
  };
  const subject = /^Subject: (.*(?:\r\n[ \t].*)*)/m.exec(head)?.[1]?.replace(/\r\n[ \t]/g, ' ') ?? '';
  return { subject: words(subject), text: part('text/plain'), html: part('text/html'), raw };
}

/** RFC 2047. */
const words = (text: string): string =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_all, kind: string, value: string) =>
      decoded(
        kind.toLowerCase() === 'b' ? value : value.replaceAll('_', ' '),
        kind.toLowerCase() === 'b' ? 'base64' : 'quoted-printable',
      ),
    );

function decoded(text: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(text, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return text;
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
