// The knowledge base of the demo: titles and texts, some of them in Arabic and Hebrew.

export interface ArticleText {
  readonly title: string;
  readonly category: string;
  readonly language?: string;
  readonly summary: string;
  readonly body: string;
  readonly status?: string;
  readonly audience?: string;
  /** Number of the article that it translates. */
  readonly of?: number;
}

export const categories = [
  ['start', 'First steps'],
  ['operation', 'Operation'],
  ['faults', 'Faults'],
  ['billing', 'Orders and invoices'],
] as const;

/** The first ten belong to the cases of the tickets, in their order. */
export const articles: readonly ArticleText[] = [
  {
    title: 'When the pressure drops behind the filter',
    category: 'faults',
    summary: 'Check the cartridge first, then the inlet valve.',
    body: 'Read the pressure before and behind the filter. A difference above 0.8 bar means that the cartridge is blocked: close both valves, relieve the pressure, change the cartridge, open slowly. If the difference stays, the inlet valve is not fully open.',
  },
  {
    title: 'The gateway shows no values',
    category: 'faults',
    summary: 'Power, network, restart: in this order.',
    body: 'The green light tells of power, the blue one of the network. If both are on, hold the button for five seconds: the gateway restarts and sends what it has stored in the meantime.',
  },
  {
    title: 'How to correct an invoice',
    category: 'billing',
    summary: 'We issue a credit note and a new invoice.',
    body: 'Send us the number of the invoice and what is wrong. The credit note and the new invoice come on the same day; the due date begins anew.',
  },
  {
    title: 'Rinsing intervals of membranes',
    category: 'operation',
    summary: 'Every eight hours of operation, more often with hard water.',
    body: 'Up to 14 °dH: every eight hours for ten minutes. Above: every four hours. After a standstill of two days rinse for thirty minutes before use.',
  },
  {
    title: 'A delivery is not complete',
    category: 'billing',
    summary: 'Tell us within five days; we send what is missing by express.',
    body: 'Compare the delivery with the delivery note. Photograph the packing if it was open. Missing parts leave our stock on the next working day.',
  },
  {
    title: 'A new password for the portal',
    category: 'start',
    summary: 'Ask for a link on the sign-in page.',
    body: 'The link works once and within an hour. If no mail comes, look into the folder for junk mail, or ask your administrator.',
  },
  {
    title: 'Calibrating the pH probe',
    category: 'operation',
    summary: 'Once a month, with two buffer solutions.',
    body: 'Rinse the probe, dip it into buffer 7 and wait for one minute, confirm; then buffer 4. A slope below 85 % means that the probe is worn.',
  },
  {
    title: 'Exporting measured values',
    category: 'operation',
    summary: 'From the portal as CSV, for any period.',
    body: 'Choose the site and the period, then Export. Times are in the zone of the site; decimals have a point.',
  },
  {
    title: 'What happens on the day of commissioning',
    category: 'start',
    summary: 'Four hours, two people of yours.',
    body: 'We check the installation, fill and rinse the unit, set the alarms and show your people the daily round. Have power and a drain ready.',
  },
  {
    title: 'The salt alarm does not stop',
    category: 'faults',
    summary: 'Clean the float switch.',
    body: 'Salt dust makes the float switch stick. Take it out, rinse it with warm water, put it back. Fill up the salt to the mark.',
  },
  {
    title: 'عند انخفاض الضغط خلف المرشّح',
    category: 'faults',
    language: 'ar',
    of: 0,
    summary: 'افحص الخرطوشة أولًا ثم صمام الدخول.',
    body: 'اقرأ الضغط قبل المرشّح وبعده. إذا زاد الفرق على ٠٫٨ بار فالخرطوشة مسدودة: أغلق الصمامين، وفرّغ الضغط، واستبدل الخرطوشة، ثم افتح ببطء.',
  },
  {
    title: 'كلمة مرور جديدة للبوابة',
    category: 'start',
    language: 'ar',
    of: 5,
    summary: 'اطلب رابطًا من صفحة تسجيل الدخول.',
    body: 'يعمل الرابط مرة واحدة خلال ساعة. إذا لم تصل رسالة فابحث في مجلد البريد المزعج أو اسأل مدير النظام لديك.',
  },
  {
    title: 'כאשר הלחץ יורד אחרי המסנן',
    category: 'faults',
    language: 'he',
    of: 0,
    summary: 'יש לבדוק תחילה את המחסנית ולאחר מכן את שסתום הכניסה.',
    body: 'קראו את הלחץ לפני המסנן ואחריו. הפרש של יותר מ־0.8 בר פירושו שהמחסנית סתומה: סגרו את שני השסתומים, שחררו את הלחץ, החליפו את המחסנית ופתחו לאט.',
  },
  {
    title: 'Discount rules',
    category: 'billing',
    audience: 'internal',
    summary: 'Up to ten per cent at one’s own discretion.',
    body: 'More than fifteen per cent needs a reason and the approval of the head of sales. Partners have twenty per cent on goods.',
  },
  {
    title: 'Winter operation',
    category: 'operation',
    status: 'in_review',
    summary: 'Frost protection for units outdoors.',
    body: 'Below five degrees switch the trace heating on. Drain units that stand still for more than a day.',
  },
  {
    title: 'Legionella: what the law asks for',
    category: 'operation',
    status: 'draft',
    summary: 'Sampling points and intervals.',
    body: 'To be completed with the tables of the countries.',
  },
];
