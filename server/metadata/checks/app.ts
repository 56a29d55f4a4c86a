// The application: a currency and a country that exist, navigation to entities that exist.
import { didYouMean } from '../../conditions/did-you-mean.ts';
import { countryCodes } from '../../fields/country-codes.ts';
import { currencyByCode } from '../../fields/currency.ts';
import { pointerOf } from '../pointer.ts';
import { type Check, eachTwice, entityNamed } from './subject.ts';

export const checkApp: Check = ({ source, doubtful, report }) => {
  const { app } = source;
  if (currencyByCode(app.baseCurrency) === undefined)
    report(app, '/baseCurrency', `"${app.baseCurrency}" is not an ISO 4217 currency.`);
  if (!countryCodes.has(app.defaultRegion)) report(app, '/defaultRegion', `"${app.defaultRegion}" is not an ISO 3166-1 country.`);
  for (const [at, language] of app.languages.entries()) {
    if (!known(language)) report(app, pointerOf('languages', at), `"${language}" is not a language tag (BCP 47).`);
  }
  const names = source.entities.map((entity) => entity.name);
  const items = app.navigation.flatMap((group, at) =>
    group.items.map((name, index) => [name, pointerOf('navigation', at, 'items', index)] as const),
  );
  for (const [name, pointer] of items) {
    if (entityNamed(source, name) === undefined && !doubtful(name)) {
      report(app, pointer, `There is no entity "${name}".${didYouMean(name, names)}`);
    }
  }
  eachTwice(items, (name, pointer) => report(app, pointer, `"${name}" stands twice in the navigation.`));
};

function known(language: string): boolean {
  try {
    return Intl.getCanonicalLocales(language)[0] === language;
  } catch {
    return false;
  }
}
