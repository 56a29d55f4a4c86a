import { describe, expect, test } from '@jest/globals';
import { canEnter, canRead, serverAccount } from '../../../server/database/embedded/account.ts';

const root = 'root:x:0:0:root:/root:/bin/bash';
const nobody = 'nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin';
const postgres = 'postgres:x:101:104::/var/lib/postgresql:/bin/bash';

describe('the account the server runs as', () => {
  test.each([
    ['this process itself, when it is not root', 1000, root, {}],
    ['this process itself, where there are no accounts', undefined, '', {}],
    ['postgres, when root', 0, `${root}\n${nobody}\n${postgres}\n`, { uid: 101, gid: 104 }],
    ['nobody, when root and without postgres', 0, `${root}\n${nobody}\n`, { uid: 65534, gid: 65533 }],
  ])('is %s', (_name, uid, passwd, expected) => {
    expect(serverAccount(uid ?? Number.NaN, passwd)).toEqual(expected);
  });

  test.each([[root], [''], ['postgres:x:0:0::/:/bin/sh']])(
    'is missing in the list %j, which is an error that names DATABASE_URL',
    (passwd) => {
      expect(() => serverAccount(0, passwd)).toThrow(/no account postgres or nobody.*DATABASE_URL/);
    },
  );
});

test('what can be read and entered is asked of the kernel', () => {
  expect(canRead({}, [process.execPath, '/'])).toBe(true);
  expect(canRead({}, [process.execPath, '/no/such/file'])).toBe(false);
  expect(canEnter({}, '/')).toBe(true);
  expect(canEnter({}, '/no/such/folder')).toBe(false);
});
