// Names as people write them, by their script and by the order that a field asks for.
import { expect, test } from '@jest/globals';
import { type NameOrder, type NameParts, personNameText } from '../../server/fields/person-name-text.ts';

test.each<readonly [NameParts, string, NameOrder?]>([
  [{ given: 'Ada', family: 'Lovelace' }, 'Ada Lovelace'],
  [{ prefix: 'Dr', given: 'Martin', middle: 'Luther', family: 'King', suffix: 'Jr.' }, 'Dr Martin Luther King Jr.'],
  [{ given: 'Ferenc', family: 'Puskás' }, 'Puskás Ferenc', 'familyFirst'],
  [{ given: 'نجيب', family: 'محفوظ' }, 'نجيب محفوظ'],
  [{ prefix: 'ד"ר', given: 'חיים', family: 'ויצמן' }, 'ד"ר חיים ויצמן'],
  [{ given: '小龍', family: '李' }, '李小龍'],
  [{ given: '철수', family: '김' }, '김철수'],
  [{ given: '太郎', family: '山田', suffix: '様' }, '山田太郎様'],
  [{ given: '太郎', family: '山田', suffix: 'PhD' }, '山田太郎 PhD'],
  [{ given: '太郎', family: '山田' }, '太郎 山田', 'givenFirst'],
  [{ given: 'エイダ', family: 'ラブレス' }, 'エイダ・ラブレス'],
  [{ given: 'Ada', family: '山田' }, 'Ada 山田'],
  [{ given: 'Pelé' }, 'Pelé'],
  [{ family: '  ', given: null }, ''],
])('%j is %s', (name, expected, order = 'byScript') => {
  expect(personNameText(name, order)).toBe(expected);
});
