// A chosen option as a small coloured badge; a span, because lists draw hundreds of them.
import type { Option } from '../../../server/fields/field-type.ts';
import { useText } from '../i18n/use-text.ts';
import classes from './value.module.css';

export function OptionBadge({ options, value }: { readonly options: readonly Option[]; readonly value: string }) {
  const { label } = useText();
  const option = options.find((one) => one.value === value);
  return (
    <span className={classes.badge} data-color={option?.color ?? 'gray'}>
      <bdi>{option === undefined ? value : label(option.label)}</bdi>
    </span>
  );
}
