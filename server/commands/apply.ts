// `formwork apply`: promotes a folder of customisations: three-way merge, then one version.
import { userInfo } from 'node:os';
import { type Command, Option } from 'commander';
import { buildRegistry } from '../metadata/build.ts';
import { dataChangesBetween } from '../metadata/data-changes-between.ts';
import { customDocumentsIn } from '../metadata/documents-to-files.ts';
import { type Merged, mergeDocuments } from '../metadata/merge.ts';
import type { Registry } from '../metadata/registry.ts';
import { renamedBetween } from '../metadata/renamed.ts';
import { applyVersion } from '../versions/apply-version.ts';
import { planVersion } from '../versions/plan-version.ts';
import { lastPromoted, promotionOf } from '../versions/promoted.ts';
import { publishedRegistry } from '../versions/published.ts';
import type { VersionRequest } from '../versions/request.ts';
import { conflictsText, promotionText } from './apply-text.ts';
import { type Answer, folderOf, isApplication, type MetadataPlace, withMetadata } from './with-metadata.ts';

interface Options {
  readonly plan?: boolean;
  readonly ours?: boolean;
  readonly theirs?: boolean;
  readonly sql?: boolean;
  readonly author: string;
  readonly reason?: string;
}

export function applyCommand(program: Command): void {
  program
    .command('apply')
    .description('Merge a folder of customisations into those in force, as one version; exit code 2 when they contradict')
    .argument('<folder>', 'as export-metadata writes it')
    .option('--plan', 'only show what it would do')
    .option('--sql', 'with the SQL of every step')
    .addOption(new Option('--ours', 'where both changed the same, keep what is in force').conflicts('theirs'))
    .addOption(new Option('--theirs', 'where both changed the same, take what the folder says'))
    .option('--author <name>', 'who is recorded as the author', userInfo().username)
    .option('--reason <text>', 'why, for the record')
    .action((folder: string, options: Options) => withMetadata(1, (place) => promote(place, folder, options)));
}

async function promote(place: MetadataPlace, word: string, options: Options): Promise<Answer> {
  const services = await place.versions();
  const live = await publishedRegistry(services);
  if (live === undefined) throw new Error('Nothing is in force in this database yet; migrate or start first.');
  const theirs = await theirsIn(word);
  const ours = live.documents.filter(({ layer }) => layer === 'custom');
  const base = await lastPromoted(services);
  const merged = mergeDocuments({ base, ours, theirs, ...preferred(options) });
  if (merged.conflicts.length > 0) return { text: conflictsText(merged.conflicts), exitCode: 2 };
  const wanted = await wantedOf(live, merged);
  services.check?.(wanted);
  const { entityNames, memberNames } = renamedBetween(live, wanted);
  const request: VersionRequest = {
    wanted,
    names: { entityNames, memberNames },
    data: dataChangesBetween(live, wanted),
    kind: 'change',
    author: options.author,
    reason: options.reason ?? `apply ${word}`,
    changes: promotionOf(theirs),
  };
  const plan = await planVersion(services, request);
  const text = promotionText({ live, wanted, plan, sql: options.sql === true });
  if (plan.blockers.length > 0) return { text: `${text}\n\nNothing was applied.`, exitCode: 1 };
  if (options.plan === true) return { text };
  const { number, done } = await applyVersion(services, { ...request, baseVersion: plan.baseVersion });
  await done;
  return {
    text: `${text}\n\n${number === plan.baseVersion ? `Nothing to do at version ${number}.` : `Version ${number} is applied.`}`,
  };
}

async function theirsIn(word: string) {
  const folder = folderOf(word);
  if (await isApplication(folder))
    throw new Error(`${word} is a whole application, not customisations: set FORMWORK_METADATA_DIR to it and migrate.`);
  return customDocumentsIn(folder);
}

const preferred = ({ ours, theirs }: Options): { readonly prefer?: 'ours' | 'theirs' } =>
  ours === true ? { prefer: 'ours' } : theirs === true ? { prefer: 'theirs' } : {};

/** @throws MetadataError where what each side made does not go together, e.g. a view of a field that the other one retired */
function wantedOf(live: Registry, { documents }: Merged): Promise<Registry> {
  const below = live.documents.filter(({ layer }) => layer !== 'custom');
  return buildRegistry([...below, ...documents], { fieldTypes: live.fieldTypes, number: live.number });
}
