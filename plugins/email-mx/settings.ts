// The settings of email-mx, from the environment variables that plugin.json declares.
import { Resolver } from 'node:dns/promises';

export interface Settings {
  readonly enabled: boolean;
  /** Milliseconds for all questions about one domain. */
  readonly budget: number;
  /** Addresses of DNS servers, with or without a port; absent: those of the system. */
  readonly servers?: readonly string[];
}

/** @throws Error that names the variable that is wrong */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const { FORMWORK_EMAIL_MX: toggle = 'on', FORMWORK_EMAIL_MX_BUDGET_MS: time = '300', FORMWORK_DNS_SERVERS: list } = environment;
  if (toggle !== 'on' && toggle !== 'off') throw new Error(`FORMWORK_EMAIL_MX is "${toggle}"; allowed: on or off.`);
  if (!/^[1-9]\d{0,4}$/.test(time)) {
    throw new Error(`FORMWORK_EMAIL_MX_BUDGET_MS is "${time}"; allowed: a whole number from 1 to 99999.`);
  }
  const settings = { enabled: toggle === 'on', budget: Number(time) };
  if (list === undefined) return settings;
  const servers = list.split(',').map((server) => server.trim());
  try {
    new Resolver().setServers(servers);
  } catch {
    throw new Error(
      `FORMWORK_DNS_SERVERS is "${list}"; allowed: IP addresses, with a port if it is not 53, separated by commas.`,
    );
  }
  return { ...settings, servers };
}
