// Cultures of the Middle East and Asia, with names in their own scripts.
import { type Culture, digits, dollars, named, same } from './culture.ts';

const south = { region: 'middle_east_africa', team: 'demo-team-mea' } as const;

const arabicFirst = named(
  'محمد/mohammed فاطمة/fatima أحمد/ahmed نورة/noura خالد/khalid سارة/sara يوسف/yousef ليلى/layla عمر/omar هند/hind عبدالله/abdullah ريم/reem طارق/tariq منى/mona',
);

export const easternCultures: readonly (readonly [Culture, number])[] = [
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
