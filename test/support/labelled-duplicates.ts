// People and companies with known duplicates: typed again with typos, swaps, gaps, other scripts and legal forms. Deterministic.

export interface Labelled {
  /** Records with the same number are the same person or company. */
  readonly who: number;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Writings of one name; the first is the usual one. */
const firstNames: readonly (readonly string[])[] = [
  ...['James', 'Mary', 'Robert', 'Patricia', 'Linda', 'David', 'Susan', 'Thomas', 'Karen', 'Daniel', 'Nancy', 'Paul', 'Emma'],
  ...['Ahmet', 'Chloé', 'Léa', 'Hugo', 'Inés', 'Álvaro', 'Giulia', 'Marco', 'Zofia', 'Łukasz', 'Anders', 'Freja', 'Mette'],
  ...['Kenji', 'Yuki', 'Mei', 'Wei', 'Arjun', 'Priya', 'Thiago', 'Beatriz', 'Nkechi', 'Kwame', 'Olga', 'Sanna', 'Pekka'],
]
  .map((name) => [name])
  .concat([
    ['Mohammed', 'Muhammad', 'Mohamed', 'محمد'],
    ['Ahmed', 'Ahmad', 'أحمد'],
    ['Fatima', 'Fatma', 'فاطمة'],
    ['Khaled', 'Khalid', 'خالد'],
    ['Yusuf', 'Youssef', 'يوسف'],
    ['Hassan', 'Hasan', 'حسن'],
    ['Yosef', 'Joseph', 'יוסף'],
    ['Alexander', 'Aleksandr', 'Александр'],
    ['Dmitri', 'Dmitry', 'Дмитрий'],
    ['Jürgen', 'Juergen', 'Jurgen'],
    ['Søren', 'Soren'],
    ['Catherine', 'Katherine', 'Kathryn'],
    ['Stephen', 'Steven'],
    ['Geoffrey', 'Jeffrey'],
    ['Michael', 'Micheal'],
  ]);

const lastNames: readonly (readonly string[])[] = [
  ...[
    'Johnson',
    'Williams',
    'Brown',
    'Garcia',
    'Davis',
    'Rodríguez',
    'Martínez',
    'Wilson',
    'Anderson',
    'Taylor',
    'Moore',
    'Martin',
  ],
  ...[
    'Dubois',
    'Lefèvre',
    'Moreau',
    'Rossi',
    'Bianchi',
    'Kowalski',
    'Wiśniewski',
    'Novák',
    'Nagy',
    'Popescu',
    'Andersson',
    'Nielsen',
  ],
  ...['Virtanen', 'Tanaka', 'Suzuki', 'Chen', 'Wang', 'Nguyễn', 'Sharma', 'Patel', 'Silva', 'Okafor', 'Mensah', 'Haddad', 'Levi'],
  ...[
    'Baker',
    'Carpenter',
    'Fletcher',
    'Harrison',
    'Lindqvist',
    'Marlow',
    'Osborne',
    'Pemberton',
    'Quigley',
    'Rutherford',
    'Sinclair',
  ],
  ...[
    'Thackeray',
    'Underwood',
    'Vaughan',
    'Whitaker',
    'Yardley',
    'Zimmermann',
    'Bergström',
    'Castellano',
    'Delacroix',
    'Escobar',
  ],
]
  .map((name) => [name])
  .concat([
    ['Müller', 'Mueller', 'Muller'],
    ['Schmidt', 'Schmitt', 'Schmid'],
    ['Smith', 'Smyth'],
    ['O’Brien', "O'Brien", 'OBrien', 'O Brien'],
    ['Thompson', 'Thomson'],
    ['Al-Hassan', 'Alhassan', 'الحسن'],
    ['Cohen', 'Kohen', 'כהן'],
    ['Ivanov', 'Ivanoff', 'Иванов'],
    ['Papadopoulos', 'Παπαδόπουλος'],
    ['Sjöberg', 'Sjoeberg', 'Sjoberg'],
  ]);

interface Dice {
  readonly next: () => number;
  chance(share: number): boolean;
  below(limit: number): number;
  pick<T>(from: readonly T[]): T;
}

function dice(seed: number): Dice {
  const next = random(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  return { next, chance: (share) => next() < share, below, pick: (from) => from[below(from.length)] as never };
}

/** One of the slips of fingers: a letter more, less, another, or two exchanged (Damerau). */
function typo({ below, pick }: Dice, text: string): string {
  if (text.length < 4) return text;
  const at = 1 + below(text.length - 2);
  const letter = pick([...'etaoinshrdlu']);
  return pick([
    () => text.slice(0, at) + letter + text.slice(at),
    () => text.slice(0, at) + text.slice(at + 1),
    () => text.slice(0, at) + letter + text.slice(at + 1),
    () => text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2),
  ])();
}

const digits = ({ below }: Dice, count: number): string => Array.from({ length: count }, () => below(10)).join('');
const ascii = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^a-z]/gi, '')
    .toLowerCase();
const without = (values: Record<string, unknown>, name: string): void => {
  values[name] = null;
};

/** Of every five people three are there once, one twice, one three times. Fields: those of a contact. */
export function* labelledPeople(count: number, seed = 1): Generator<Labelled> {
  const die = dice(seed);
  for (let who = 0, made = 0; made < count; who += 1) {
    const [first, last] = [die.pick(firstNames), die.pick(lastNames)];
    const person = {
      first_name: first[0] ?? '',
      last_name: last[0] ?? '',
      email: die.chance(0.85)
        ? `${ascii(first[0] ?? '')}.${ascii(last[0] ?? '')}${die.below(10_000)}@${die.pick(['mail', 'post', 'firm', 'acme'])}.example`
        : null,
      phone: die.chance(0.6) ? `+1202${digits(die, 7)}` : null,
      mobile: die.chance(0.7) ? `+4915${digits(die, 9)}` : null,
      birthdate: die.chance(0.5) ? `${1940 + die.below(65)}-0${1 + die.below(9)}-1${die.below(10)}` : null,
      postal_code: die.chance(0.7) ? digits(die, 5) : null,
    };
    yield { who, values: person };
    made += 1;
    const copies = [0, 0, 0, 1, 2][who % 5] ?? 0;
    for (let copy = 0; copy < copies && made < count; copy += 1, made += 1)
      yield { who, values: typedAgain(die, person, first, last) };
  }
}

function typedAgain(die: Dice, person: object, first: readonly string[], last: readonly string[]): Record<string, unknown> {
  const values: Record<string, unknown> = { ...person };
  if (die.chance(0.4)) values['first_name'] = die.pick(first);
  if (die.chance(0.4)) values['last_name'] = die.pick(last);
  for (const name of ['first_name', 'last_name']) if (die.chance(0.2)) values[name] = typo(die, String(values[name]));
  if (die.chance(0.08)) [values['first_name'], values['last_name']] = [values['last_name'], values['first_name']];
  if (die.chance(0.1)) values['last_name'] = String(values['last_name']).toUpperCase();
  if (die.chance(0.1)) values['first_name'] = null;
  for (const name of ['email', 'phone', 'mobile', 'birthdate', 'postal_code']) {
    const value = values[name];
    if (typeof value !== 'string') continue;
    if (die.chance(0.25)) without(values, name);
    else if (die.chance(0.1))
      values[name] = name === 'birthdate' ? value.replace(/\d$/, String(die.below(10))) : typo(die, value);
    else if (name === 'email' && die.chance(0.2)) values[name] = `${ascii(String(first[0]))}${die.below(1000)}@private.example`;
  }
  // A letter has no place in a number.
  for (const name of ['phone', 'mobile', 'postal_code'])
    if (typeof values[name] === 'string') values[name] = String(values[name]).replace(/[a-z]/g, () => String(die.below(10)));
  return values;
}

const words = [
  ...[
    'Atlas',
    'Aurora',
    'Beacon',
    'Cedar',
    'Cobalt',
    'Delta',
    'Ember',
    'Falcon',
    'Granite',
    'Harbor',
    'Iris',
    'Juniper',
    'Keystone',
  ],
  ...[
    'Lumen',
    'Meridian',
    'Nimbus',
    'Orchid',
    'Pinnacle',
    'Quartz',
    'Riviera',
    'Summit',
    'Tundra',
    'Umbra',
    'Vertex',
    'Willow',
    'Zenith',
  ],
  ...['Żubr', 'Société', 'Größe', 'Nordström', 'Peñón', 'Ferré', 'Kovács', 'Ålesund'],
];
const syllables = [
  ['Vel', 'Kor', 'Bri', 'Tam', 'Zan', 'Mer', 'Lus', 'Hal', 'Nor', 'Pax', 'Rov', 'Sil'],
  ['a', 'e', 'i', 'o', 'u'],
  ['mor', 'dex', 'tis', 'lan', 'vik', 'ron', 'sta', 'pha', 'gri', 'nco'],
] as const;
const trades = [
  'Foods',
  'Logistics',
  'Software',
  'Energy',
  'Media',
  'Textiles',
  'Robotics',
  'Capital',
  'Pharma',
  'Travel',
  'Motors',
  'Tools',
];
const forms = ['Inc.', 'Ltd', 'GmbH', 'S.A.', 'LLC', 'AG', 'Sp. z o.o.', 'B.V.', 'Limited', 'Corporation', 'GmbH & Co. KG', ''];
const cities = ['Berlin', 'Paris', 'Oslo', 'Madrid', 'Boston', 'Zürich', 'Gdańsk', 'Cairo'];

/** In the same shares. Fields: those of an account. */
export function* labelledCompanies(count: number, seed = 2): Generator<Labelled> {
  const die = dice(seed);
  for (let who = 0, made = 0; made < count; who += 1) {
    const own = die.chance(0.8) ? syllables.map((part) => die.pick(part)).join('') : die.pick(words);
    const core = `${own} ${die.chance(0.5) ? `${die.pick(words)} ` : ''}${die.pick(trades)}`;
    const company = {
      name: `${core} ${die.pick(forms)}`.trim(),
      website: die.chance(0.7) ? `https://www.${ascii(core)}${die.below(1000)}.example/` : null,
      phone: die.chance(0.7) ? `+4930${digits(die, 7)}` : null,
      tax_number: die.chance(0.4) ? `T${digits(die, 9)}` : null,
      city: die.pick(cities),
    };
    yield { who, values: company };
    made += 1;
    const copies = [0, 0, 0, 1, 2][who % 5] ?? 0;
    for (let copy = 0; copy < copies && made < count; copy += 1, made += 1) {
      const values: Record<string, unknown> = { ...company, name: `${core} ${die.pick(forms)}`.trim() };
      if (die.chance(0.3)) values['name'] = typo(die, String(values['name']));
      if (die.chance(0.2)) values['name'] = String(values['name']).toUpperCase();
      if (die.chance(0.2)) values['name'] = String(values['name']).normalize('NFKD').replace(/\p{M}/gu, '');
      if (typeof values['website'] === 'string' && die.chance(0.4))
        values['website'] = values['website'].replace('https://www.', 'http://').replace(/\/$/, '/home');
      for (const name of ['website', 'phone', 'tax_number', 'city']) if (die.chance(0.3)) without(values, name);
      if (typeof values['phone'] === 'string' && die.chance(0.15))
        values['phone'] = values['phone'].replace(/\d$/, String(die.below(10)));
      yield { who, values };
    }
  }
}
