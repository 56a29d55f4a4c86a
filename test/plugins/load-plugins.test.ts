// Plugins are loaded from their folders; one that cannot be names itself.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closePlugins, loadPlugins, pluginHooks, setUpPlugins } from '../../server/plugins/load-plugins.ts';
import type { RunningServices } from '../../server/plugins/plugin.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formwork-plugins-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const manifest = (name: string, more: object = {}): string =>
  JSON.stringify({ name, version: '1.0.0', description: 'For a test.', ...more });

async function write(name: string, json: string, code?: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'plugin.json'), json);
  if (code !== undefined) await writeFile(join(folder, name, 'index.ts'), code);
}

const logged: string[] = [];
const load = (names: string[], environment: Readonly<Record<string, string>> = {}) =>
  loadPlugins({ names, environment, log: (message) => logged.push(message), folder });

describe('a plugin', () => {
  test('is given the variables that it declares and no others', async () => {
    const code = 'export default ({ environment, log }) => { log(JSON.stringify(environment)); return {}; };';
    await write('declares', manifest('declares', { environment: { FORMWORK_A: 'one', FORMWORK_B: 'another' } }), code);
    await load(['declares'], { FORMWORK_A: 'here', FORMWORK_B: '', FORMWORK_SECRET_KEY: 'not for plugins' });
    expect(logged.at(-1)).toBe('{"FORMWORK_A":"here"}');
  });

  test('adds hooks under its own name, in the order of loading', async () => {
    await write('first', manifest('first'), 'export default () => ({ hooks: { prepare: () => [] } });');
    await write('second', manifest('second'), 'export default async () => ({ hooks: { prepare: () => [] } });');
    await write('quiet', manifest('quiet'), 'export default () => ({});');
    expect(pluginHooks(await load(['second', 'quiet', 'first'])).map(({ name }) => name)).toEqual([
      'plugin second',
      'plugin first',
    ]);
  });

  test('keeps its manifest and what it gives the automation', async () => {
    await write('gives', manifest('gives'), "export default () => ({ automation: { steps: ['a step'] } });");
    expect(await load(['gives'])).toMatchObject([{ manifest: { name: 'gives' }, automation: { steps: ['a step'] } }]);
  });
});

describe('a plugin that cannot be loaded names itself and why', () => {
  test.each([
    ['no-folder', undefined, undefined, /ENOENT/],
    ['not-json', '{ "name": }', undefined, /plugin\.json:1 is not valid JSON: Expected a value, found "}"\./],
    ['no-version', '{ "name": "no-version", "description": "x" }', undefined, /"version" is missing\./],
    ['misnamed', manifest('another'), undefined, /plugin\.json \/name is "another", but the folder is called misnamed\./],
    ['no-code', manifest('no-code'), undefined, /Cannot find module|ENOENT/],
    ['no-function', manifest('no-function'), 'export default 7;', /Its index exports no function as default\./],
    ['throws', manifest('throws'), "export default () => { throw new Error('No tea left.'); };", /No tea left\./],
  ])('%s', async (name, json, code, why) => {
    if (json !== undefined) await write(name, json, code);
    const failure = await load([name]).then(
      () => new Error('It was loaded'),
      (error: unknown) => error as Error,
    );
    expect(failure.message).toMatch(new RegExp(`^The plugin ${name} cannot be loaded\\. `));
    expect(failure.message).toMatch(why);
  });

  test('and those loaded before it are closed', async () => {
    await write('closes', manifest('closes'), "export default ({ log }) => ({ close: () => log('closed closes') });");
    await expect(load(['closes', 'absent'])).rejects.toThrow('The plugin absent cannot be loaded.');
    expect(logged.at(-1)).toBe('closed closes');
  });
});

describe('the life of plugins', () => {
  const running = {} as RunningServices;

  test('begins with a setup and ends with a close in reverse order', async () => {
    const code = (name: string): string =>
      `export default ({ log }) => ({ setup: () => log('set up ${name}'), close: async () => log('closed ${name}') });`;
    await write('one', manifest('one'), code('one'));
    await write('two', manifest('two'), code('two'));
    const plugins = await load(['one', 'two']);
    await setUpPlugins(plugins, running);
    await closePlugins(plugins);
    expect(logged.slice(-4)).toEqual(['set up one', 'set up two', 'closed two', 'closed one']);
  });

  test('a setup that fails names its plugin', async () => {
    await write('fails', manifest('fails'), "export default () => ({ setup: () => { throw new Error('No road.'); } });");
    await expect(setUpPlugins(await load(['fails']), running)).rejects.toThrow('The plugin fails cannot be set up. No road.');
  });

  test('a close that fails does not keep the others open', async () => {
    await write('stuck', manifest('stuck'), "export default () => ({ close: () => { throw new Error('Stuck.'); } });");
    await write('free', manifest('free'), "export default ({ log }) => ({ close: () => log('closed free') });");
    await expect(closePlugins(await load(['free', 'stuck']))).rejects.toThrow('Stuck.');
    expect(logged.at(-1)).toBe('closed free');
  });
});
