import { expect, test } from '@jest/globals';
import { createLog } from '../../server/telemetry/log.ts';

function lines(write: (log: ReturnType<typeof createLog>) => void, level: 'info' | 'warn' = 'info'): Record<string, unknown>[] {
  const written: string[] = [];
  write(createLog({ level, name: 'test' }, { write: (line) => written.push(line) }));
  return written.map((line) => JSON.parse(line));
}

test('a line is JSON with its level, time, name and message', () => {
  const [line] = lines((log) => log.info({ answer: 42 }, 'hello'));
  expect(line).toMatchObject({ level: 'info', name: 'test', answer: 42, msg: 'hello' });
  expect(line?.['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('less severe lines are left out', () => {
  expect(lines((log) => log.info('quiet'), 'warn')).toEqual([]);
});

test('secrets are blanked wherever requests carry them', () => {
  const [line] = lines((log) =>
    log.info({
      password: 'hush',
      headers: { authorization: 'Bearer hush', cookie: 'hush', 'set-cookie': 'hush' },
      request: { headers: { authorization: 'hush' }, body: { password: 'hush', email: 'kept@example.com' } },
    }),
  );
  expect(JSON.stringify(line)).not.toContain('hush');
  expect(line).toMatchObject({ password: '[redacted]', request: { body: { email: 'kept@example.com' } } });
});

test('without a destination lines go to standard output', () => {
  expect(createLog({ level: 'silent' }).level).toBe('silent');
});
