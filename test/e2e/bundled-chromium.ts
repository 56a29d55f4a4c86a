// Chromium from the optional package, unpacked once into a cache folder with the libraries and fonts that it needs.
import { execFile } from 'node:child_process';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';

export interface BundledChromium {
  readonly executable: string;
  /** For the child process only: our own programs keep their libraries and fonts. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The package's own folder, or undefined where it was not installed (it is optional, and for Linux on x64 only). */
function packageFolder(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
    return join(entry.slice(0, entry.lastIndexOf('@sparticuz')), '@sparticuz', 'chromium');
  } catch {
    return undefined;
  }
}

/** The first place we may write to: the user's cache, else the temp folder. */
function cacheFolder(): string {
  for (const folder of [
    join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'formwork'),
    join(tmpdir(), 'formwork-cache'),
  ]) {
    try {
      mkdirSync(folder, { recursive: true });
      return folder;
    } catch {
      // Not writable: the next one.
    }
  }
  throw new Error('There is no folder to unpack Chromium into.');
}

/** By way of a file: tar stops reading at its end mark, which a pipe would report as broken. */
async function untar(archive: string, folder: string): Promise<void> {
  const file = join(folder, basename(archive, '.br'));
  await pipeline(createReadStream(archive), createBrotliDecompress(), createWriteStream(file));
  await promisify(execFile)('tar', ['-xf', file, '-C', folder, '--no-same-owner']);
  rmSync(file);
}

const fontsConfiguration = (own: string, fonts: readonly string[], cache: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${[own, ...fonts].map((folder) => `  <dir>${folder}</dir>`).join('\n')}
  <cachedir>${cache}</cachedir>
</fontconfig>
`;

async function unpack(bin: string, target: string): Promise<void> {
  const making = mkdtempSync(`${target}.`);
  try {
    const executable = createWriteStream(join(making, 'chromium'), { mode: 0o755 });
    await pipeline(createReadStream(join(bin, 'chromium.br')), createBrotliDecompress(), executable);
    for (const archive of ['al2023', 'fonts', 'swiftshader']) await untar(join(bin, `${archive}.tar.br`), making);
    writeFileSync(
      join(making, 'fonts.conf'),
      fontsConfiguration(join(target, 'fonts'), ['/usr/share/fonts', '/usr/local/share/fonts'], join(target, 'fontcache')),
    );
    renameSync(making, target);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    // Another process was faster: what it unpacked is as good.
    if (!existsSync(join(target, 'chromium'))) throw error;
  }
}

/** Unpacks on first use (some seconds, about 300 MB); undefined where the package is missing. */
export async function bundledChromium(): Promise<BundledChromium | undefined> {
  const folder = packageFolder();
  if (folder === undefined || process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const target = join(cacheFolder(), `chromium-${version}`);
  if (!existsSync(join(target, 'chromium'))) await unpack(join(folder, 'bin'), target);
  return {
    executable: join(target, 'chromium'),
    environment: {
      LD_LIBRARY_PATH: [join(target, 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':'),
      FONTCONFIG_FILE: join(target, 'fonts.conf'),
      FONTCONFIG_PATH: target,
    },
  };
}
