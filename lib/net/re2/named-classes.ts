/** The classes of characters that have a name: `\d`, `[:alpha:]` and `\p{Greek}`. */
import { GivenUp } from './given-up';
import { LAST_RUNE, Runes, runesOf, Span } from './runes';

/** The class of a letter after a backslash. */
export const PERL: Readonly<Record<string, Runes>> = {
  d: spans('09'),
  s: spans('\t\n\f\r  '),
  w: spans('09AZ__az'),
};

/** The class between `[:` and `:]`. */
export const POSIX: Readonly<Record<string, Runes>> = {
  alnum: spans('09AZaz'),
  alpha: spans('AZaz'),
  ascii: spans('\0\x7f'),
  blank: spans('\t\t  '),
  cntrl: spans('\0\x1f\x7f\x7f'),
  digit: spans('09'),
  graph: spans('!~'),
  lower: spans('az'),
  print: spans(' ~'),
  punct: spans('!/:@[`{~'),
  space: spans('\t\r  '),
  upper: spans('AZ'),
  word: spans('09AZ__az'),
  xdigit: spans('09AFaf'),
};

/** The ranges whose ends follow each other in a text. */
function spans(ends: string): Runes {
  return Array.from({ length: ends.length / 2 }, (_, i): Span => [ends.charCodeAt(2 * i), ends.charCodeAt(2 * i + 1)]);
}

const unicode = new Map<string, Runes>();

/** The class of a name after `\p`, in the Unicode version of Node, which may be a little newer than the one of RE2. */
export function unicodeClass(name: string): Runes {
  let found = unicode.get(name);
  if (found === undefined) {
    found = computed(name);
    unicode.set(name, found);
  }
  return found;
}

function computed(name: string): Runes {
  if (name === 'Any') {
    return [[0, LAST_RUNE]];
  }
  if (name === 'C') {
    // To RE2, what is not assigned is in no class.
    return runesOf(['Cc', 'Cf', 'Co', 'Cs'].flatMap((part) => unicodeClass(part)));
  }
  if (CATEGORIES.includes(name)) {
    return matching(new RegExp(`\\p{${name}}`, 'u'));
  }
  if (SCRIPTS.includes(name)) {
    return matching(new RegExp(`\\p{Script=${name}}`, 'u'));
  }
  // A newer RE2 may have a newer script.
  const looksLikeScript = name.split('_').every((word) => /^[A-Z][a-z]+$/.test(word));
  throw new GivenUp({ is: looksLikeScript ? 'may-exceed' : 'refused' });
}

function matching(one: RegExp): Runes {
  const found: Span[] = [];
  for (const rune of assignable()) {
    if (one.test(String.fromCodePoint(rune))) {
      found.push([rune, rune]);
    }
  }
  return runesOf(found);
}

/** All characters, without planes 4 to 13, which have none. */
function* assignable(): Generator<number> {
  for (let rune = 0; rune <= LAST_RUNE; rune++) {
    rune = rune === 0x40000 ? 0xe0000 : rune;
    yield rune;
  }
}

const CATEGORIES = 'Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs'.split(' ');

/** The scripts of Unicode 15, by their long names, with which RE2 knows them. */
const SCRIPTS = [
  'Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali Bhaiksuki Bopomofo Brahmi',
  'Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian Chakma Cham Cherokee Chorasmian Common Coptic Cuneiform',
  'Cypriot Cypro_Minoan Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic',
  'Georgian Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi Gurmukhi Han Hangul Hanifi_Rohingya Hanunoo Hatran Hebrew',
  'Hiragana Imperial_Aramaic Inherited Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kawi',
  'Kayah_Li Kharoshthi Khitan_Small_Script Khmer Khojki Khudawadi Lao Latin Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian',
  'Mahajani Makasar Malayalam Mandaic Manichaean Marchen Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui Meroitic_Cursive',
  'Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar Nabataean Nag_Mundari Nandinagari New_Tai_Lue Newa Nko Nushu',
  'Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Old_Hungarian Old_Italic Old_North_Arabian Old_Permic Old_Persian Old_Sogdian',
  'Old_South_Arabian Old_Turkic Old_Uyghur Oriya Osage Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau Phags_Pa Phoenician',
  'Psalter_Pahlavi Rejang Runic Samaritan Saurashtra Sharada Shavian Siddham SignWriting Sinhala Sogdian Sora_Sompeng Soyombo',
  'Sundanese Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan',
  'Tifinagh Tirhuta Toto Ugaritic Vai Vithkuqi Wancho Warang_Citi Yezidi Zanabazar_Square',
].flatMap((line) => line.split(' '));
