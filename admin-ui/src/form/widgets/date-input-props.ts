// What both date inputs need: names for the calendar's buttons, the first day of the week, month names in the language.
import type { DayOfWeek } from '@mantine/dates';
import { useEffect, useState } from 'react';
import { useText } from '../../i18n/use-text.ts';

const locales = import.meta.glob<unknown>('../../../../node_modules/dayjs/esm/locale/{ar,he,fa,de,fr,es}.js');

interface WeekInfo {
  readonly firstDay?: number;
}

/** 0 is Sunday; Intl counts Sunday as 7. Monday where the browser does not say. */
function firstDayOf(language: string): DayOfWeek {
  const locale = new Intl.Locale(language) as Intl.Locale & { weekInfo?: WeekInfo; getWeekInfo?: () => WeekInfo };
  const day = (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1;
  return (day % 7) as DayOfWeek;
}

/** dayjs names months only in languages it has loaded. */
function useDayjsLocale(language: string): string {
  const [ready, setReady] = useState('en');
  useEffect(() => {
    const load = Object.entries(locales).find(([path]) => path.endsWith(`/${language}.js`))?.[1];
    if (load === undefined) setReady('en');
    else void load().then(() => setReady(language));
  }, [language]);
  return ready;
}

export function useCalendarProps() {
  const { t, language } = useText();
  return {
    locale: useDayjsLocale(language),
    firstDayOfWeek: firstDayOf(language),
    ariaLabels: {
      previousMonth: t('calendar.previousMonth'),
      nextMonth: t('calendar.nextMonth'),
      previousYear: t('calendar.previousYear'),
      nextYear: t('calendar.nextYear'),
      previousDecade: t('calendar.previousDecade'),
      nextDecade: t('calendar.nextDecade'),
      monthLevelControl: t('calendar.chooseMonth'),
      yearLevelControl: t('calendar.chooseYear'),
    },
  };
}
