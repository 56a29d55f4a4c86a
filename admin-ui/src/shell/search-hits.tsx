// The hits of the global search, grouped by entity in the order of their rank.
import { Combobox, Text } from '@mantine/core';
import type { Option } from '../../../server/fields/field-type.ts';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import type { SearchHit } from '../api/records.ts';
import { useText } from '../i18n/use-text.ts';
import { useMetadata } from '../metadata/use-metadata.ts';
import { EntityIcon } from './entity-icon.tsx';
import classes from './shell.module.css';

/** The subtitle comes as it is stored; where it is a chosen option, its label is shown. */
const optionOf = (entity: MetaEntity | undefined, subtitle: string): Option | undefined =>
  (entity?.display.subtitleFields ?? [])
    .flatMap((name) => entity?.fields[name]?.options ?? [])
    .find((option) => option.value === subtitle);

export function SearchHits({ hits }: { readonly hits: readonly SearchHit[] }) {
  const { many, label } = useText();
  const { entities } = useMetadata();
  const subtitleOf = (entity: MetaEntity | undefined, subtitle: string): string => {
    const option = optionOf(entity, subtitle);
    return option === undefined ? subtitle : label(option.label);
  };
  return [...new Set(hits.map((hit) => hit.entity))].map((name) => {
    const entity = entities[name];
    return (
      <Combobox.Group key={name} label={entity === undefined ? name : many(entity.label)}>
        {hits
          .filter((hit) => hit.entity === name)
          .map((hit) => (
            <Combobox.Option key={hit.id} value={`${name}/${hit.id}`}>
              <span className={classes.searchOption}>
                <EntityIcon name={entity?.icon} size={18} />
                <span className={classes.searchText}>
                  <bdi>{hit.display_name}</bdi>
                  {hit.subtitle === null ? null : (
                    <Text span size="xs" c="dimmed" ms={8}>
                      <bdi>{subtitleOf(entity, hit.subtitle)}</bdi>
                    </Text>
                  )}
                </span>
              </span>
            </Combobox.Option>
          ))}
      </Combobox.Group>
    );
  });
}
