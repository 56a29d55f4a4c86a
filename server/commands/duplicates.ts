// `formwork duplicates <entity>`: pairs of records that are alike, and the groups that they make.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import type { Parts } from '../app/parts.ts';
import { systemContext } from '../repository/context.ts';
import { type GroupedPair, groupedPairs, joinGroups, keepPairs, openPairs } from '../repository/duplicate-groups.ts';
import { crowdedBlocks, scanDuplicates, scanSubject } from '../repository/scan-duplicates.ts';
import { run } from '../repository/statement.ts';
import { actingAs, withParts } from './with-parts.ts';

interface Options {
  readonly rule: readonly string[];
  readonly format: 'text' | 'ndjson';
  readonly out?: string;
  readonly as?: string;
}

export function duplicatesCommand(program: Command): void {
  program
    .command('duplicates')
    .description('Find the records of an entity that its duplicate rules take for the same')
    .argument('<entity>', 'plural name of the entity')
    .option('--rule <name>', 'only by this rule; may be given several times', (name, before: string[]) => [...before, name], [])
    .addOption(new Option('--format <format>', 'form of the output').choices(['text', 'ndjson']).default('text'))
    .option('--out <file>', 'write to this file instead of the terminal')
    .option('--as <email>', 'look as this user instead of the first administrator')
    .action((entity: string, options: Options) => withParts((parts) => findAll(parts, entity, options)));
}

async function findAll(parts: Parts, name: string, options: Options): Promise<void> {
  const registry = parts.registry.current();
  const context = systemContext(registry, 'api', { actor: await actingAs(parts, options.as) });
  const { entity, rules } = scanSubject(context, name, options.rule);
  const unknown = options.rule.filter((rule) => !rules.some((known) => known.name === rule));
  if (unknown.length > 0) throw new Error(`${entity.name} has no duplicate rule ${unknown.join(', ')}.`);
  if (rules.length === 0) throw new Error(`${entity.name} has no duplicate rules.`);
  await parts.database.knex.transaction(async (transaction) => {
    const within = { ...context, transaction };
    await openPairs(transaction);
    const [counted] = await run<{ n: number }>(transaction, {
      text: `SELECT count(*)::int AS n FROM ${entity.qualifiedTable} WHERE "deleted_at" IS NULL`,
      values: [],
    });
    for (const rule of rules) {
      const tell = progress(rule.name, counted?.n ?? 0);
      let found = 0;
      for await (const batch of scanDuplicates(transaction, within, entity, rule)) {
        await keepPairs(transaction, rule.name, batch.pairs);
        found += batch.pairs.length;
        tell(batch.done, found);
      }
      for (const [field, values] of await crowdedBlocks(transaction, entity, rule))
        console.error(`${rule.name}: ${values} values of ${field} stand in so many records that not all of those were compared.`);
    }
    const { groups, pairs } = await joinGroups(transaction);
    await writePairs(groupedPairs(transaction, within, entity), options);
    console.error(`${pairs} pairs in ${groups} groups of ${entity.name}.`);
  });
}

const everyMs = 2_000;

/** A line now and then to the terminal, apart from the output. */
function progress(rule: string, total: number): (done: number, pairs: number) => void {
  let last = Date.now();
  return (done, pairs) => {
    if (Date.now() - last < everyMs) return;
    last = Date.now();
    console.error(`${rule}: ${done} of ${total} records compared, ${pairs} pairs`);
  };
}

async function writePairs(pairs: AsyncIterable<GroupedPair>, { format, out: file }: Options): Promise<void> {
  const out = file === undefined ? process.stdout : createWriteStream(file);
  let group = 0;
  for await (const pair of pairs) {
    const heading = pair.group === group ? '' : `Group ${pair.group}\n`;
    group = pair.group;
    if (!out.write(format === 'ndjson' ? asJson(pair) : `${heading}${asText(pair)}`)) await once(out, 'drain');
  }
  if (out === process.stdout) return;
  out.end();
  await finished(out);
}

const asJson = ({ group, a, b, score, rules, nameOfA, nameOfB }: GroupedPair): string =>
  `${JSON.stringify({ group, a: { id: a, display_name: nameOfA }, b: { id: b, display_name: nameOfB }, score: rounded(score), rules })}\n`;

const asText = ({ a, b, score, rules, nameOfA, nameOfB }: GroupedPair): string =>
  `  ${rounded(score).toFixed(3)}  ${nameOfA ?? ''} (${a})  =  ${nameOfB ?? ''} (${b})  ${rules.join(', ')}\n`;

const rounded = (score: number): number => Math.round(score * 1000) / 1000;
