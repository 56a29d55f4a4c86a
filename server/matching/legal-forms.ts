// Legal forms of companies, as plain words: a name with and without its legal form is the same company.

/** The most used ones of ISO 20275 (entity legal forms), in the writing of `plainWords` with single letters joined. */
export const legalForms: ReadonlySet<string> = new Set([
  // English
  ...['inc', 'incorporated', 'corp', 'corporation', 'co', 'company', 'ltd', 'limited', 'llc', 'llp', 'lp', 'plc', 'pllc', 'pc'],
  ...['pty', 'pvt', 'private', 'pte', 'cic', 'lllp', 'dac', 'unltd'],
  // German, Austrian, Swiss
  ...['gmbh', 'mbh', 'ag', 'kg', 'kgaa', 'ohg', 'gbr', 'ug', 'haftungsbeschrankt', 'ev', 'eg', 'ek', 'se', 'ggmbh', 'partg'],
  // French
  ...['sa', 'sarl', 'sas', 'sasu', 'eurl', 'snc', 'scs', 'sca', 'scop', 'sprl', 'srl', 'asbl', 'sicav'],
  // Spanish, Portuguese, Italian
  ...['sl', 'slu', 'sau', 'sll', 'sc', 'sab', 'cv', 'spa', 'sapa', 'srls', 'lda', 'ltda', 'eireli', 'me', 'epp', 'sapi', 'scrl'],
  // Dutch, Scandinavian, Finnish, Baltic
  ...[
    'bv',
    'nv',
    'vof',
    'cvba',
    'bvba',
    'ab',
    'hb',
    'as',
    'asa',
    'aps',
    'ks',
    'is',
    'oy',
    'oyj',
    'ehf',
    'hf',
    'ou',
    'uab',
    'sia',
  ],
  // Polish, Czech, Slovak, Hungarian, Romanian, Balkan, Turkish
  ...[
    'zoo',
    'spzoo',
    'sp',
    'spolka',
    'sro',
    'vos',
    'kft',
    'zrt',
    'nyrt',
    'rt',
    'bt',
    'kkt',
    'doo',
    'dd',
    'ad',
    'ead',
    'eood',
    'ood',
  ],
  ...['sti', 'tic', 'san'],
  // Asian
  ...['sdn', 'bhd', 'berhad', 'tbk', 'pt', 'kk', 'gk', 'yk', 'jsc', 'pjsc', 'ojsc', 'cjsc', 'tnhh'],
  ...['株式会社', '有限会社', '合同会社', '有限公司', '股份有限公司', '有限责任公司', '주식회사', '유한회사'],
  // Russian, Ukrainian, Greek
  ...['ооо', 'оао', 'зао', 'пао', 'ао', 'ип', 'тов', 'ат', 'прат', 'αε', 'επε', 'ικε', 'οε', 'εε'],
  // Arabic: limited liability, shares (closed, public, Lebanese, Kuwaiti, Bahraini, Saudi), the Gulf's free zones
  ...[
    'شمم',
    'ذمم',
    'شذمم',
    'شمل',
    'شم',
    'شمك',
    'شمب',
    'شمس',
    'شمع',
    'شمق',
    'شمد',
    'مساهمه',
    'محدوده',
    'المحدوده',
    'شركه',
    'الشركه',
  ],
  ...['مؤسسه', 'موسسه', 'فزكو', 'fzco', 'fze', 'fzc', 'wll', 'bsc', 'ksc', 'saoc', 'saog', 'saj', 'psc', 'pjs', 'sal', 'sae'],
  // Hebrew: limited, registered association, partnership (final letters as in plainWords)
  ...['בעמ', 'עמ', 'ער', 'חלצ', 'שותפות', 'חברה', 'חברת'],
]);

/** Several words that are one legal form, written apart. */
export const legalPhrases: readonly string[] = [
  ...[
    'sp z oo',
    'sp z o o',
    'spol s ro',
    'd o o',
    'pt tbk',
    'ذات مسؤوليه محدوده',
    'ذات مسووليه محدوده',
    'sa de cv',
    's de rl de cv',
  ],
  ...['s de rl', 'sdn bhd', 'pvt ltd', 'private limited', 'public joint stock', 'naamloze vennootschap'],
];

/** What stands between names: `&` is one of them in any language. */
export const connectors: ReadonlySet<string> = new Set(['and', 'und', 'et', 'y', 'och', 'og', 'en', 'i', 'the', 'و', 'ו']);
