// Tags on some companies.
import type { Account } from './accounts.ts';
import type { Random } from './random.ts';
import { type Made, made, type World } from './world.ts';

export function tagsOf(world: World, random: Random, account: Account): readonly Made[] {
  const { group, weight, culture, id } = account;
  const wanted = [
    ...(weight > 2 ? ['demo-tag-vip'] : []),
    ...(account.type === 'customer' && random.chance(0.15) ? ['demo-tag-reference'] : []),
    ...(random.chance(0.12) ? ['demo-tag-expansion'] : []),
    ...(culture.language === 'ar' ? ['demo-tag-arabic'] : []),
  ];
  return wanted.map((tag) =>
    made(
      world,
      'tag_links',
      { group, key: tag, day: account.made, random },
      {
        tag_id: world.ref(tag),
        record_type: 'accounts',
        record_id: id,
        source: 'manual',
      },
    ),
  );
}
