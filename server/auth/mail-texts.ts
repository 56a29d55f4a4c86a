// What the mails of sign-in say, by language; others than these get English.
import type { Letter } from '../mail/letter.ts';

/** Facts that the texts tell. */
export interface MailFacts {
  readonly app: string;
  /** Of the recipient. */
  readonly name: string;
  readonly invitedBy: string;
  readonly url: string;
}

type Texts = (facts: MailFacts) => Omit<Letter, 'language'>;

interface Language {
  readonly invitation: Texts;
  readonly reset: Texts;
}

const en: Language = {
  invitation: ({ app, name, invitedBy, url }) => ({
    subject: `${invitedBy} invites you to ${app}`,
    greeting: `Hello ${name},`,
    paragraphs: [`${invitedBy} has made an account for you at ${app}. Choose a password to begin.`],
    link: { label: 'Accept the invitation', url },
    closing: ['The link works once, within seven days.', 'If you do not know what this is about, leave this mail alone.'],
  }),
  reset: ({ app, name, url }) => ({
    subject: `A new password for ${app}`,
    greeting: `Hello ${name},`,
    paragraphs: [`Somebody, probably you, asked for a new password for your account at ${app}.`],
    link: { label: 'Choose a new password', url },
    closing: [
      'The link works once, within an hour. A new password ends all sessions.',
      'If it was not you, leave this mail alone: nothing has changed.',
    ],
  }),
};

const ar: Language = {
  invitation: ({ app, name, invitedBy, url }) => ({
    subject: `دعوة من ${invitedBy} للانضمام إلى ${app}`,
    greeting: `مرحبًا ${name}،`,
    paragraphs: [`أنشأ ${invitedBy} حسابًا لك في ${app}. اختر كلمة مرور لتبدأ.`],
    link: { label: 'قبول الدعوة', url },
    closing: ['يعمل الرابط مرة واحدة خلال سبعة أيام.', 'إذا لم تكن تعرف سبب هذه الرسالة فتجاهلها.'],
  }),
  reset: ({ app, name, url }) => ({
    subject: `كلمة مرور جديدة في ${app}`,
    greeting: `مرحبًا ${name}،`,
    paragraphs: [`طلب أحدهم، وغالبًا أنت، كلمة مرور جديدة لحسابك في ${app}.`],
    link: { label: 'اختيار كلمة مرور جديدة', url },
    closing: [
      'يعمل الرابط مرة واحدة خلال ساعة. كلمة المرور الجديدة تنهي جميع الجلسات.',
      'إذا لم تكن أنت من طلبها فتجاهل هذه الرسالة: لم يتغير شيء.',
    ],
  }),
};

const he: Language = {
  invitation: ({ app, name, invitedBy, url }) => ({
    subject: `הזמנה מאת ${invitedBy} להצטרף אל ${app}`,
    greeting: `שלום ${name},`,
    paragraphs: [`${invitedBy} פתח עבורך חשבון ב־${app}. כדי להתחיל יש לבחור סיסמה.`],
    link: { label: 'קבלת ההזמנה', url },
    closing: ['הקישור פועל פעם אחת, תוך שבעה ימים.', 'אם אינך יודע במה מדובר, ניתן להתעלם מהודעה זו.'],
  }),
  reset: ({ app, name, url }) => ({
    subject: `סיסמה חדשה עבור ${app}`,
    greeting: `שלום ${name},`,
    paragraphs: [`מישהו, כנראה את או אתה, ביקש סיסמה חדשה לחשבון ב־${app}.`],
    link: { label: 'בחירת סיסמה חדשה', url },
    closing: [
      'הקישור פועל פעם אחת, תוך שעה. סיסמה חדשה מסיימת את כל ההתחברויות.',
      'אם זה לא היית את או אתה, ניתן להתעלם מהודעה זו: דבר לא השתנה.',
    ],
  }),
};

const languages: ReadonlyMap<string, Language> = new Map([
  ['en', en],
  ['ar', ar],
  ['he', he],
]);

/** @param language of the recipient */
export function signInLetter(kind: keyof Language, language: string, facts: MailFacts): Letter {
  const spoken = languages.has(language) ? language : 'en';
  return { language: spoken, ...(languages.get(spoken) ?? en)[kind](facts) };
}
