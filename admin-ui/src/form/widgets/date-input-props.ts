// What both date inputs need: names for the calendar's buttons, the first day of the week, month names in the language.
import type { DayOfWeek } from '@mantine/dates';
import { useEffect, useState } from 'react';
import { useText } from '../../i18n/use-text.ts';

const locales = import.meta.glob<unknown>('../../../../node_modules/dayjs/locale/{ar,he,fa,de,fr,es}.js');

interface WeekInfo {
  readonly firstDay: number;
  readonly weekend: readonly number[];
}

/** Where the browser does not say: Monday first, Saturday and Sunday free. */
const common: WeekInfo = { firstDay: 1, weekend: [6, 7] };

/** Intl counts Sunday as 7, the calendar as 0. */
const dayOf = (day: number): DayOfWeek => (day % 7) as DayOfWeek;

function weekOf(language: string): WeekInfo {
  const locale = new Intl.Locale(language) as Intl.Locale & { weekInfo?: WeekInfo; getWeekInfo?: () => WeekInfo };
  return locale.getWeekInfo?.() ?? locale.weekInfo ?? common;
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
  const week = weekOf(language);
  return {
    locale: useDayjsLocale(language),
    firstDayOfWeek: dayOf(week.firstDay),
    weekendDays: week.weekend.map(dayOf),
    ariaLabels: {
      previousMonth: t('calendar.previousMonth'),
      nextMonth: t('calendar.nextMonth'),
      previousYear: t('calendar.previousYear'),
      nextYear: t('calendar.nextYear'),
      previousDecade: t('calendar.previousDecade'),
      nextDecade: t('calendar.nextDecade'),
    },
  };
}
