// HTML that was sent to do harm: nothing of it is kept that a browser would run, load or follow, whatever parser it uses.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type DefaultTreeAdapterMap, parseFragment } from 'parse5';
import {
  htmlOfText,
  richTextAttributes,
  richTextSchemes,
  richTextTags,
  sanitizedHtml,
  textOfHtml,
} from '../../server/fields/html.ts';

/** After OWASP's XSS filter evasion cheat sheet, html5sec.org, and published mutation attacks on sanitisers. */
const attacks: readonly string[] = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=https://evil.example/x.js></SCRIPT>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<<script>alert(1);//<</script>',
  '<script/XSS src="x"></script>',
  '<script\x20type="text/javascript">javascript:alert(1);</script>',
  '<img src=x onerror=alert(1)>',
  '<img src="javascript:alert(1)">',
  '<img """><script>alert(1)</script>">',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<math href="javascript:alert(1)">x</math>',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="JaVaScRiPt:alert(1)">x</a>',
  '<a href="java\tscript:alert(1)">x</a>',
  '<a href="java\nscript:alert(1)">x</a>',
  '<a href="&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)">x</a>',
  '<a href="&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)">x</a>',
  '<a href="\u0001javascript:alert(1)">x</a>',
  '<a href=" javascript:alert(1)">x</a>',
  '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>',
  '<a href="vbscript:msgbox(1)">x</a>',
  '<a href="//evil.example">x</a>',
  '<a href="/\\evil.example">x</a>',
  '<a href="file:///etc/passwd">x</a>',
  '<a href="https://a.example" onmouseover=alert(1) style="position:fixed" target=_blank>x</a>',
  '<p style="background:url(javascript:alert(1))">x</p>',
  '<p onclick="alert(1)" id=x class=y data-x=1>x</p>',
  '<div style="width: expression(alert(1));">x</div>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '<object data="javascript:alert(1)"></object>',
  '<embed src="javascript:alert(1)">',
  '<base href="javascript:alert(1)//">',
  '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
  '<link rel="stylesheet" href="javascript:alert(1)">',
  '<style>@import "javascript:alert(1)";</style>',
  '<style><p title="</style><script>alert(1)</script>">',
  '<form action="javascript:alert(1)"><button>x</button></form>',
  '<button formaction=javascript:alert(1)>x',
  '<input autofocus onfocus=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '<video><source onerror="alert(1)">',
  '<audio src=x onerror=alert(1)>',
  '<body onload=alert(1)>',
  '<template><script>alert(1)</script></template>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<textarea></textarea><script>alert(1)</script>',
  '<title><img src=x onerror=alert(1)></title>',
  '<xmp><p title="</xmp><img src=x onerror=alert(1)>">',
  '<plaintext><img src=x onerror=alert(1)>',
  '<!--<img src="--><img src=x onerror=alert(1)//">',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '<?xml version="1.0"?><script>alert(1)</script>',
  '<!DOCTYPE html><script>alert(1)</script>',
  '<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>',
  '<p>&amp;lt;img src=x onerror=alert(1)&amp;gt;</p>',
  '<table><tr><td><script>alert(1)</script></td></tr></table>',
  '<a href="https://a.example" rel="opener">x</a>',
  '<p\u0000 onclick=alert(1)>x</p>',
  '<<<<a href=x onclick=alert(1)',
  '<a/href="javascript:alert(1)"/>',
  '<isindex type=image src=1 onerror=alert(1)>',
  '<marquee onstart=alert(1)>x</marquee>',
  '<x onclick=alert(1)>x',
  `${'<blockquote>'.repeat(5000)}x`,
];

type Node = DefaultTreeAdapterMap['childNode'];

/** What a browser would make of the HTML, by a parser of its own (HTML's own algorithm), that is not allowed. */
function harmIn(html: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: Node): void => {
    if (!('tagName' in node)) {
      if (node.nodeName !== '#text') found.push(node.nodeName);
      return;
    }
    if (!richTextTags.includes(node.tagName)) found.push(`<${node.tagName}>`);
    if (node.namespaceURI !== 'http://www.w3.org/1999/xhtml') found.push(node.namespaceURI);
    for (const { name, value } of node.attrs) {
      if (richTextAttributes[node.tagName]?.includes(name) !== true) found.push(`${node.tagName} ${name}`);
      const scheme = URL.canParse(value) ? new URL(value).protocol.replace(':', '') : undefined;
      if (name === 'href' && (scheme === undefined || !richTextSchemes.includes(scheme))) found.push(`href ${value}`);
    }
    node.childNodes.forEach(visit);
  };
  parseFragment(html).childNodes.forEach(visit);
  return found;
}

const pieces = fc.oneof(
  fc.constantFrom(...attacks.slice(0, -1)),
  fc.constantFrom(
    '<p>',
    '</p>',
    '<a href="',
    '">',
    '</a>',
    '<!--',
    '-->',
    '<svg>',
    '</style>',
    '<',
    '&lt;',
    '&#',
    ';',
    '"',
    "'",
    '\0',
  ),
  fc.string({ unit: 'grapheme' }),
);

describe('HTML that is sent', () => {
  test.each(attacks.map((attack) => [attack.slice(0, 120), attack]))('keeps nothing harmful: %s', (_shown, attack) => {
    const clean = sanitizedHtml(attack);
    expect(harmIn(clean)).toEqual([]);
    expect(sanitizedHtml(clean)).toBe(clean);
    expect(clean).not.toMatch(/alert\(1\)(?!&lt;)/.test(textOfHtml(clean)) ? /<script/i : /onerror|javascript:/i);
  });

  test('keeps nothing harmful in any mixture, and is the same when it is sanitised again', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const clean = sanitizedHtml(parts.join(''));
        expect(harmIn(clean)).toEqual([]);
        expect(sanitizedHtml(clean)).toBe(clean);
      }),
      { numRuns: 1500 },
    );
  });

  test.each([
    ['<h2>Title</h2><p dir="rtl">مرحبا <b>بك</b></p>', '<h2>Title</h2><p dir="rtl">مرحبا <strong>بك</strong></p>'],
    ['<ul><li>a</li><li><i>b</i></li></ul>', '<ul><li>a</li><li><em>b</em></li></ul>'],
    ['<ol start="3"><li>c</li></ol>', '<ol start="3"><li>c</li></ol>'],
    ['<a href="mailto:a@b.example">a</a>', '<a href="mailto:a@b.example" rel="noopener noreferrer nofollow">a</a>'],
    ['<div>a</div><span style="color:red">b</span>', '<p>a</p>b'],
    ['<table><tr><td>1</td><td>2</td></tr></table>', '<p>1</p><p>2</p>'],
    ['plain & simple', '<p>plain &amp; simple</p>'],
    ['1 < 2', '<p>1 &lt; 2</p>'],
    ['', ''],
  ])('stays what it means: %s', (sent, kept) => {
    expect(sanitizedHtml(sent)).toBe(kept);
  });
});

describe('the text of HTML', () => {
  test.each([
    ['<h1>A</h1><p>b<br />c &amp; &lt;d&gt;</p>', 'A\nb\nc & <d>'],
    ['<p>a&nbsp;&nbsp; b</p><p></p><p> c </p>', 'a b\nc'],
  ])('of %s is %j', (html, text) => {
    expect(textOfHtml(html)).toBe(text);
  });

  test('comes back as it was', () => {
    expect(textOfHtml(htmlOfText('a < b\r\nc\n\nd & "e"'))).toBe('a < b\nc\nd & "e"');
  });
});
