// Where the people and companies of the demo are at home: names in their own scripts, places, phone numbers.
import type { Random } from './random.ts';

/** As people write it, and in Latin letters for addresses. */
export type Name = readonly [native: string, latin: string];

export interface Culture {
  readonly country: string;
  readonly language: string;
  readonly timeZone: string;
  readonly region: 'europe' | 'north_america' | 'middle_east_africa' | 'asia_pacific';
  /** External ids of the price book and the sales team. */
  readonly priceBook: string;
  readonly team: string;
  readonly currency: string;
  /** Percent points of value added tax. */
  readonly tax: number;
  readonly cities: readonly string[];
  readonly streets: readonly string[];
  readonly first: readonly Name[];
  readonly last: readonly Name[];
  /** Beginnings and ends of company names. */
  readonly companies: readonly [readonly Name[], readonly Name[]];
  readonly postalCode: (random: Random) => string;
  readonly mobile: (random: Random) => string;
}

const digits = (random: Random, count: number): string => Array.from({ length: count }, () => random.int(0, 9)).join('');
const same = (...words: readonly string[]): readonly Name[] => words.map((word) => [word, word]);
const named = (text: string): readonly Name[] =>
  text.split(' ').map((pair) => {
    const [native = '', latin = ''] = pair.split('/');
    return [native.replaceAll('_', ' '), latin.replaceAll('_', ' ')];
  });

const europe = { region: 'europe', priceBook: 'demo-pb-eur', team: 'demo-team-europe', currency: 'EUR' } as const;
const dollars = { priceBook: 'demo-pb-usd', currency: 'USD' } as const;
const south = { region: 'middle_east_africa', team: 'demo-team-mea' } as const;

const arabicFirst = named(
  'محمد/mohammed فاطمة/fatima أحمد/ahmed نورة/noura خالد/khalid سارة/sara يوسف/yousef ليلى/layla عمر/omar هند/hind عبدالله/abdullah ريم/reem طارق/tariq منى/mona',
);

export const cultures: readonly (readonly [Culture, number])[] = [
  [
    {
      ...europe,
      ...{ country: 'DE', language: 'en', timeZone: 'Europe/Berlin', tax: 19 },
      cities: ['Berlin', 'Hamburg', 'München', 'Köln', 'Leipzig', 'Freiburg'],
      streets: ['Hauptstraße', 'Am Brunnen', 'Lindenallee', 'Hafenstraße', 'Gartenweg'],
      first: same(
        'Anna',
        'Lukas',
        'Marie',
        'Jürgen',
        'Sabine',
        'Felix',
        'Käthe',
        'Stefan',
        'Birgit',
        'Jonas',
        'Heike',
        'Matthias',
      ),
      last: same(
        'Müller',
        'Schmidt',
        'Fischer',
        'Weber',
        'Wagner',
        'Becker',
        'Schäfer',
        'Koch',
        'Richter',
        'Krüger',
        'Groß',
        'Lindner',
      ),
      companies: [
        same('Bergquell', 'Nordlicht', 'Rheinland', 'Elbufer', 'Havel', 'Schwarzwald', 'Alpen', 'Hanse', 'Isar', 'Oderbruch'),
        same('Brauerei GmbH', 'Hotels AG', 'Klinik GmbH', 'Werke KG', 'Molkerei eG', 'Stadtwerke GmbH', 'Papier AG'),
      ],
      postalCode: (random) => `${random.int(10, 97)}${digits(random, 3)}`,
      mobile: (random) => `+491512${digits(random, 7)}`,
    },
    16,
  ],
  [
    {
      ...dollars,
      ...{
        region: 'north_america',
        team: 'demo-team-europe',
        country: 'US',
        language: 'en',
        timeZone: 'America/New_York',
        tax: 8,
      },
      cities: ['Austin', 'Denver', 'Portland', 'Columbus', 'Tampa', 'Sacramento'],
      streets: ['Main Street', 'Maple Avenue', 'River Road', 'Market Street', 'Lakeview Drive'],
      first: same(
        'Emily',
        'Michael',
        'Ashley',
        'David',
        'Jessica',
        'Tyrone',
        'Megan',
        'Carlos',
        'Rachel',
        'Brandon',
        'Grace',
        'Noah',
      ),
      last: same(
        'Johnson',
        'Williams',
        'Brown',
        'Garcia',
        'Miller',
        'Davis',
        'Nguyen',
        'Wilson',
        'Anderson',
        'Lee',
        'O’Brien',
        'Carter',
      ),
      companies: [
        same(
          'Clearwater',
          'Blue Ridge',
          'Lone Star',
          'Great Lakes',
          'Evergreen',
          'Pioneer',
          'Summit',
          'Redwood',
          'Harbor',
          'Prairie',
        ),
        same('Foods Inc.', 'Resorts LLC', 'Medical Center', 'Brewing Co.', 'Farms Inc.', 'Utilities Corp.', 'Laundry LLC'),
      ],
      postalCode: (random) => `${random.int(10, 98)}${digits(random, 3)}`,
      mobile: (random) => `+1512${random.int(2, 9)}${digits(random, 6)}`,
    },
    18,
  ],
  [
    {
      ...dollars,
      ...{ region: 'europe', team: 'demo-team-europe', country: 'GB', language: 'en', timeZone: 'Europe/London', tax: 20 },
      cities: ['Leeds', 'Bristol', 'Glasgow', 'Norwich', 'Cardiff'],
      streets: ['High Street', 'Station Road', 'Church Lane', 'Mill Lane', 'Victoria Road'],
      first: same('Oliver', 'Amelia', 'Harry', 'Isla', 'George', 'Freya', 'Callum', 'Niamh', 'Rhys', 'Poppy'),
      last: same('Smith', 'Jones', 'Taylor', 'Patel', 'Evans', 'Hughes', 'MacDonald', 'Walker', 'Wright', 'Khan'),
      companies: [
        same('Pennine', 'Thames', 'Cotswold', 'Highland', 'Severn', 'Wessex', 'Humber', 'Yorkshire'),
        same('Breweries Ltd', 'Hotels plc', 'Dairies Ltd', 'NHS Trust', 'Leisure Ltd', 'Textiles plc'),
      ],
      postalCode: (random) => `LS${random.int(1, 20)} ${random.int(1, 9)}AB`,
      mobile: (random) => `+447400${digits(random, 6)}`,
    },
    9,
  ],
  [
    {
      ...europe,
      ...{ country: 'ES', language: 'en', timeZone: 'Europe/Madrid', tax: 21 },
      cities: ['Sevilla', 'Málaga', 'Valencia', 'Bilbao', 'Palma'],
      streets: ['Calle Mayor', 'Avenida del Puerto', 'Calle Real', 'Paseo Marítimo'],
      first: same('Lucía', 'Javier', 'Carmen', 'Álvaro', 'Inés', 'Íñigo', 'Rocío', 'Andrés', 'Núria', 'Pablo'),
      last: same('García', 'Martínez', 'López', 'Sánchez', 'Fernández', 'Muñoz', 'Ibáñez', 'Peña', 'Ortega', 'Núñez'),
      companies: [
        same('Sol', 'Costa', 'Sierra', 'Mar', 'Olivar', 'Levante', 'Bahía'),
        same('Hoteles S.A.', 'Aceites S.L.', 'Conservas S.A.', 'Balnearios S.L.', 'Bodegas S.A.'),
      ],
      postalCode: (random) => `${random.int(10, 50)}${digits(random, 3)}`,
      mobile: (random) => `+34612${digits(random, 6)}`,
    },
    8,
  ],
  [
    {
      ...europe,
      ...{ country: 'FR', language: 'en', timeZone: 'Europe/Paris', tax: 20 },
      cities: ['Lyon', 'Nantes', 'Bordeaux', 'Lille', 'Grenoble'],
      streets: ['Rue de la République', 'Avenue des Alpes', 'Rue du Port', 'Boulevard Victor Hugo'],
      first: same('Chloé', 'Hugo', 'Élise', 'Théo', 'Maëlle', 'Rémi', 'Zoé', 'François', 'Agnès', 'Gaël'),
      last: same('Dubois', 'Lefèvre', 'Moreau', 'Girard', 'Rousseau', 'Bénard', 'Chevalier', 'Noël', 'Perrin', 'Guérin'),
      companies: [
        same('Aquitaine', 'Savoie', 'Loire', 'Provence', 'Armor', 'Vosges'),
        same('Eaux S.A.', 'Fromageries SAS', 'Thermes SAS', 'Hôpitaux', 'Vignobles SAS', 'Cosmétiques S.A.'),
      ],
      postalCode: (random) => `${random.int(10, 89)}${digits(random, 3)}`,
      mobile: (random) => `+33612${digits(random, 6)}`,
    },
    8,
  ],
  [
    {
      ...south,
      ...{ priceBook: 'demo-pb-sar', currency: 'SAR', country: 'SA', language: 'ar', timeZone: 'Asia/Riyadh', tax: 15 },
      cities: ['الرياض', 'جدة', 'الدمام', 'المدينة المنورة', 'أبها'],
      streets: ['طريق الملك فهد', 'شارع التحلية', 'طريق الأمير سلطان', 'شارع العليا'],
      first: arabicFirst,
      last: named(
        'الغامدي/alghamdi القحطاني/alqahtani الحربي/alharbi العتيبي/alotaibi الشهري/alshehri الزهراني/alzahrani الدوسري/aldosari المطيري/almutairi',
      ),
      companies: [
        named(
          'مجموعة_الواحة/oasis شركة_الينابيع/yanabie مصانع_النخيل/nakheel شركة_زمرد/zumurrud مجموعة_الخليج/khaleej شركة_الفرات/furat',
        ),
        named('للمياه/water للأغذية/foods للفنادق/hotels الطبية/medical للصناعة/industry للضيافة/hospitality'),
      ],
      postalCode: (random) => `${random.int(11, 99)}${digits(random, 3)}`,
      mobile: (random) => `+96650${digits(random, 7)}`,
    },
    13,
  ],
  [
    {
      ...south,
      ...dollars,
      ...{ country: 'AE', language: 'ar', timeZone: 'Asia/Dubai', tax: 5 },
      cities: ['دبي', 'أبوظبي', 'الشارقة', 'العين'],
      streets: ['شارع الشيخ زايد', 'شارع الكورنيش', 'شارع المطار'],
      first: arabicFirst,
      last: named('الفلاسي/alfalasi المنصوري/almansoori الهاشمي/alhashimi النعيمي/alnuaimi السويدي/alsuwaidi الكعبي/alkaabi'),
      companies: [
        named('منتجعات_الصحراء/desert أبراج_المارينا/marina مجموعة_اللؤلؤ/pearl شركة_السدر/sidr مجموعة_الشروق/shorouq'),
        named('للضيافة/hospitality العقارية/realestate للتبريد/cooling للأغذية/foods الصحية/health'),
      ],
      postalCode: () => '00000',
      mobile: (random) => `+97150${digits(random, 7)}`,
    },
    8,
  ],
  [
    {
      ...south,
      ...dollars,
      ...{ country: 'IL', language: 'he', timeZone: 'Asia/Jerusalem', tax: 18 },
      cities: ['תל אביב', 'חיפה', 'באר שבע', 'אילת', 'נתניה'],
      streets: ['רחוב הרצל', 'שדרות בן גוריון', 'רחוב הנביאים', 'דרך הים'],
      first: named('נועה/noa דוד/david תמר/tamar יונתן/yonatan מיכל/michal איתי/itai שירה/shira עומר/omer יעל/yael רון/ron'),
      last: named(
        'כהן/cohen לוי/levi מזרחי/mizrahi פרץ/peretz ביטון/biton אברהם/avraham פרידמן/friedman אזולאי/azulay שפירא/shapira',
      ),
      companies: [
        named('מעיינות/maayanot גליל/galil כרמל/carmel ירדן/yarden שקד/shaked ים_המלח/deadsea'),
        named('מלונות_בע״מ/hotels תעשיות_בע״מ/industries מזון_בע״מ/food יקבים_בע״מ/wineries שירותי_בריאות/health'),
      ],
      postalCode: (random) => `${random.int(10, 98)}${digits(random, 5)}`,
      mobile: (random) => `+97250${random.int(2, 9)}${digits(random, 6)}`,
    },
    8,
  ],
  [
    {
      ...dollars,
      ...{ region: 'asia_pacific', team: 'demo-team-mea', country: 'JP', language: 'en', timeZone: 'Asia/Tokyo', tax: 10 },
      cities: ['東京', '大阪', '福岡', '札幌'],
      streets: ['中央通り', '駅前通り', '本町', '桜通り'],
      first: named('陽菜/hina 蓮/ren 美咲/misaki 大翔/hiroto 葵/aoi 翔太/shota 結衣/yui 健太/kenta'),
      last: named('佐藤/sato 鈴木/suzuki 高橋/takahashi 田中/tanaka 渡辺/watanabe 伊藤/ito 山本/yamamoto 中村/nakamura'),
      companies: [
        named('清水/shimizu 富士/fuji 桜/sakura 若葉/wakaba 北斗/hokuto'),
        named('食品株式会社/foods 酒造/brewery 温泉ホテル/onsen 製薬株式会社/pharma 精密工業/precision'),
      ],
      postalCode: (random) => `${random.int(100, 999)}-${digits(random, 4)}`,
      mobile: (random) => `+8190${random.int(1, 9)}${digits(random, 7)}`,
    },
    6,
  ],
  [
    {
      ...dollars,
      ...{ region: 'asia_pacific', team: 'demo-team-mea', country: 'IN', language: 'en', timeZone: 'Asia/Kolkata', tax: 18 },
      cities: ['Pune', 'Chennai', 'Jaipur', 'Kochi'],
      streets: ['MG Road', 'Station Road', 'Gandhi Nagar', 'Lake View Road'],
      first: same('Aarav', 'Ananya', 'Vivaan', 'Diya', 'Rohan', 'Kavya', 'Arjun', 'Meera'),
      last: same('Sharma', 'Iyer', 'Reddy', 'Gupta', 'Nair', 'Menon', 'Banerjee', 'Chopra'),
      companies: [
        same('Ganga', 'Sahyadri', 'Malabar', 'Nilgiri', 'Deccan'),
        same('Foods Pvt Ltd', 'Resorts Pvt Ltd', 'Pharma Ltd', 'Textiles Ltd', 'Hospitals Ltd'),
      ],
      postalCode: (random) => `${random.int(11, 85)}${digits(random, 4)}`,
      mobile: (random) => `+9198${digits(random, 8)}`,
    },
    6,
  ],
];
