// The navigation of app.json, then what was made at run time, then the platform's own lists, as far as the caller may read them.
import { Link } from '@tanstack/react-router';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import { useText } from '../i18n/use-text.ts';
import { useMetadata } from '../metadata/use-metadata.ts';
import { EntityIcon } from './entity-icon.tsx';
import classes from './shell.module.css';

interface NavigationGroup {
  readonly key: string;
  readonly title: string;
  readonly items: readonly MetaEntity[];
}

function useGroups(): readonly NavigationGroup[] {
  const { app, entities } = useMetadata();
  const { t, label } = useText();
  const known = (name: string): MetaEntity[] => {
    const entity = Object.hasOwn(entities, name) ? entities[name] : undefined;
    return entity === undefined ? [] : [entity];
  };
  const declared = app.navigation.map((group, index) => ({
    key: `group-${index}`,
    title: label(group.label),
    items: group.items.flatMap(known),
  }));
  const placed = new Set(app.navigation.flatMap((group) => group.items));
  const unplaced = (layer: string): readonly MetaEntity[] =>
    Object.values(entities).filter((entity) => entity.layer === layer && !placed.has(entity.name));
  return [
    ...declared,
    { key: 'custom', title: t('nav.custom'), items: unplaced('custom') },
    { key: 'platform', title: t('nav.platform'), items: unplaced('platform') },
  ].filter((group) => group.items.length > 0);
}

export function Navigation() {
  const { many } = useText();
  return useGroups().map((group) => (
    <div key={group.key} className={classes.group}>
      <div className={classes.groupLabel} id={`nav-${group.key}`}>
        {group.title}
      </div>
      <ul className={classes.list} aria-labelledby={`nav-${group.key}`}>
        {group.items.map((entity) => (
          <li key={entity.name}>
            <Link
              to="/records/$entity"
              params={{ entity: entity.name }}
              search={{}}
              activeOptions={{ includeSearch: false }}
              className={classes.link}
            >
              <EntityIcon name={entity.icon} size={19} />
              {many(entity.label)}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  ));
}
