"""Makes `house.docx`, the style carrier of the Word report: `python -m reports.make_house`.

The file holds styles and nothing else, and may be restyled in Word: the writer looks its styles up
by name. It is made from the tokens. Of python-docx's default template it takes only the theme: the
rest is in compatibility mode 14, beats style fonts with theme fonts, and carries a hundred table
styles, a stale thumbnail and tab stops that put right-hand header text mid-page.
"""

from __future__ import annotations

import re
from pathlib import Path

import docx

from charts import tokens
from charts.tokens import PRINT, Tone
from reports.package import pack, unpack

HOUSE = Path(__file__).with_name("house.docx")
TONES: dict[str, Tone] = {
    "Green": PRINT.green,
    "Amber": PRINT.yellow,
    "Red": PRINT.red,
    "Grey": PRINT.gray,
    "Orange": PRINT.orange,
    "Blue": PRINT.blue,
}
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _color(color: str) -> str:
    return color.removeprefix("#")


def _run(size: float = 0, color: str = "", *, bold: bool = False, underline: bool = False) -> str:
    parts = ["<w:b/><w:bCs/>"] if bold else []
    parts += [f'<w:color w:val="{_color(color)}"/>'] if color else []
    half = round(size * 2)
    parts += [f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'] if size else []
    parts += ['<w:u w:val="single"/>'] if underline else []
    return f"<w:rPr>{''.join(parts)}</w:rPr>" if parts else ""


def _space(before: int, after: int, line: int = 252) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'


def _paragraph(
    name: str, inside: str, run: str = "", *, based_on: str = "Normal", following: str = ""
) -> str:
    ident = name.replace(" ", "")
    follow = f'<w:next w:val="{following.replace(" ", "")}"/>' if following else ""
    based = f'<w:basedOn w:val="{based_on.replace(" ", "")}"/>' if name != "Normal" else ""
    default = ' w:default="1"' if name == "Normal" else ""
    real = {
        "Heading 1": "heading 1",
        "Heading 2": "heading 2",
        "Header": "header",
        "Footer": "footer",
        "Caption": "caption",
    }.get(name, name)
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{ident}"><w:name w:val="{real}"/>'
        f"{based}{follow}<w:qFormat/><w:pPr>{inside}</w:pPr>{run}</w:style>"
    )


def _character(name: str, run: str) -> str:
    return (
        f'<w:style w:type="character" w:styleId="{name.replace(" ", "")}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="DefaultParagraphFont"/><w:qFormat/>{run}'
        "</w:style>"
    )


def _boxed(tint: str, edge: str, width: int, space: int) -> str:
    """A tinted paragraph with a bar at its left; lines in the tint pad it above and below.

    Borders are drawn outside the margin, so the paragraph is indented by bar and space.
    """
    ground = _color(tint)

    def line(side: str, size: int, gap: int, color: str) -> str:
        return f'<w:{side} w:val="single" w:sz="{size}" w:space="{gap}" w:color="{color}"/>'

    top, bottom = (line(side, 8, space, ground) for side in ("top", "bottom"))
    border = f"{top}{line('left', width, 8, _color(edge))}{bottom}"
    return f'<w:pBdr>{border}</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="{ground}"/>'


def _headings() -> list[str]:
    t, p = tokens, PRINT
    keeps = "<w:keepNext/><w:keepLines/>"
    first, second = _run(t.H1_PT, p.brand, bold=True), _run(t.H2_PT, p.brand, bold=True)
    title = _run(t.TITLE_PT, p.brand, bold=True)
    caption = _run(t.CAPTION_PT, p.ink, bold=True)
    above, below = (f'<w:outlineLvl w:val="{level}"/>' for level in (0, 1))
    return [
        _paragraph("Title", f"<w:keepNext/>{_space(0, 20, 240)}", title, following="Report Line"),
        _paragraph("Heading 1", f"{keeps}{_space(240, 60, 240)}{above}", first, following="Normal"),
        _paragraph(
            "Heading 2", f"{keeps}{_space(160, 40, 240)}{below}", second, following="Normal"
        ),
        _paragraph("Caption", f"{keeps}{_space(120, 60, 240)}", caption, following="Normal"),
    ]


def _texts() -> list[str]:
    t, p = tokens, PRINT
    note, footer = _run(t.NOTE_PT, p.muted), _run(t.FOOTER_PT, p.muted)
    indent, lines = '<w:ind w:left="220"/>', "<w:keepLines/>"
    quoted = f'{lines}{_boxed(p.panel, p.quiet, 36, 2)}{_space(120, 160)}<w:ind w:left="250"/>'
    bullet = '<w:numPr><w:numId w:val="1"/></w:numPr>'
    return [
        _paragraph("Normal", _space(0, 80), _run(t.BODY_PT, p.ink)),
        _paragraph("Report Line", _space(0, 100), _run(t.BODY_PT, p.ink2)),
        _paragraph("Contents Line", _space(80, 0, 240), note),
        _paragraph("Figure", _space(0, 60, 240)),
        _paragraph("Note", _space(50, 80, 240), note),
        _paragraph("Analyst Note", quoted, _run(color=p.ink2)),
        _paragraph("Finding", f"<w:keepNext/>{lines}{_space(80, 0)}{indent}"),
        _paragraph("Finding Detail", f"{lines}{_space(0, 60, 240)}{indent}", note),
        _paragraph("List Bullet", f"{lines}{bullet}{_space(0, 30, 247)}<w:contextualSpacing/>"),
        _paragraph("Header", _space(0, 0, 240), footer),
        _paragraph("Footer", _space(0, 0, 240), footer),
    ]


def _tables() -> list[str]:
    t, right = tokens, '<w:jc w:val="right"/>'
    return [
        _paragraph("Table Text", _space(40, 40, 240), _run(t.TABLE_PT)),
        _paragraph("Table Number", right, based_on="Table Text"),
        _paragraph("Table Head", "<w:keepNext/>", _run(bold=True), based_on="Table Text"),
        _paragraph("Table Head Number", right, based_on="Table Head"),
        _paragraph(
            "Table Note", _space(0, 40, 240), _run(t.FOOTER_PT, PRINT.muted), based_on="Table Text"
        ),
        *(
            _paragraph(
                f"Status {name}", "", _run(color=tone.text, bold=True), based_on="Table Text"
            )
            for name, tone in TONES.items()
        ),
        *(
            _paragraph(
                f"Banner {name}",
                f"<w:keepLines/>{_boxed(tone.tint, tone.text, 48, 3)}"
                f'{_space(80, 120, 240)}<w:ind w:left="280"/>',
                _run(11.5, tone.text, bold=True),
            )
            for name, tone in TONES.items()
        ),
    ]


def _characters() -> list[str]:
    return [
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/></w:style>',
        _character("Strong", _run(bold=True)),
        _character("Hyperlink", _run(color=PRINT.link, underline=True)),
        *(_character(f"Mark {n}", _run(color=tone.text, bold=True)) for n, tone in TONES.items()),
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        "</w:style>",
    ]


def _house_table() -> str:
    def edge(name: str, size: int, color: str) -> str:
        return f'<w:{name} w:val="single" w:sz="{size}" w:space="0" w:color="{_color(color)}"/>'

    p = PRINT
    cells = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", 0), ("left", 70), ("bottom", 0), ("right", 70))
    )
    return (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:tblPr>'
        f'<w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>{cells}</w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="table" w:customStyle="1" w:styleId="HouseTable">'
        '<w:name w:val="House Table"/><w:basedOn w:val="TableNormal"/><w:qFormat/>'
        f"<w:tblPr><w:tblBorders>{edge('top', 12, p.brand)}{edge('bottom', 6, p.table_rule)}"
        f"{edge('insideH', 4, p.table_rule)}</w:tblBorders><w:tblCellMar>{cells}</w:tblCellMar>"
        '</w:tblPr><w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tcPr>'
        f"<w:tcBorders>{edge('bottom', 12, p.brand)}</w:tcBorders>"
        f'<w:shd w:val="clear" w:color="auto" w:fill="{_color(p.tint)}"/></w:tcPr></w:tblStylePr>'
        '<w:tblStylePr w:type="firstCol"><w:rPr><w:b/><w:bCs/></w:rPr></w:tblStylePr></w:style>'
    )


def _styles() -> str:
    font = tokens.DOCUMENT_FONT
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" '
        f'w:eastAsia="{font}" w:cs="{font}"/><w:sz w:val="20"/><w:szCs w:val="20"/>'
        '<w:lang w:val="en-US" w:eastAsia="en-US" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    )
    inside = "".join([*_texts(), *_headings(), *_tables(), *_characters(), _house_table()])
    return f'{_HEAD}<w:styles xmlns:w="{_W}">{defaults}{inside}</w:styles>'


_NUMBERING = (
    f'{_HEAD}<w:numbering xmlns:w="{_W}"><w:abstractNum w:abstractNumId="0">'
    '<w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="bullet"/><w:pStyle w:val="ListBullet"/><w:lvlText w:val="•"/>'
    '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="284" w:hanging="227"/></w:pPr></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
_SETTINGS = (
    f'{_HEAD}<w:settings xmlns:w="{_W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
    + "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" '
        f'w:val="{value}"/>'
        for name, value in (
            ("compatibilityMode", 15),
            ("overrideTableStyleFontSizeAndJustification", 1),
            ("enableOpenTypeFeatures", 1),
            ("doNotFlipMirrorIndents", 1),
            ("differentiateMultirowTableHeaders", 1),
        )
    )
    + '</w:compat><w:themeFontLang w:val="en-US"/><w:decimalSymbol w:val="."/>'
    '<w:listSeparator w:val=","/></w:settings>'
)
_DOCUMENT = (
    f'{_HEAD}<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body><w:sectPr>'
    '<w:pgSz w:w="12240" w:h="15840"/><w:pgMar w:top="1080" w:right="1080" w:bottom="1080" '
    'w:left="1080" w:header="560" w:footer="560" w:gutter="0"/></w:sectPr></w:body></w:document>'
)
_CORE = (
    f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms='
    '"http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>House style</dc:title></cp:coreProperties>"
)
_APP = (
    f'{_HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    'extended-properties"><Application>Plumbline</Application></Properties>'
)
_FONTS = (
    f'{_HEAD}<w:fonts xmlns:w="{_W}"><w:font w:name="{tokens.DOCUMENT_FONT}"><w:family '
    'w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>'
)
_PARTS = {  # part → (content type, relationship type)
    "word/document.xml": (f"{_WORD}.document.main+xml", "officeDocument"),
    "word/styles.xml": (f"{_WORD}.styles+xml", "styles"),
    "word/numbering.xml": (f"{_WORD}.numbering+xml", "numbering"),
    "word/settings.xml": (f"{_WORD}.settings+xml", "settings"),
    "word/fontTable.xml": (f"{_WORD}.fontTable+xml", "fontTable"),
    "word/theme/theme1.xml": ("application/vnd.openxmlformats-officedocument.theme+xml", "theme"),
    "docProps/core.xml": ("application/vnd.openxmlformats-package.core-properties+xml", ""),
    "docProps/app.xml": (
        "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        "extended-properties",
    ),
}


def _relations(folder: str, parts: list[str]) -> bytes:
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    inside = "".join(
        f'<Relationship Id="rId{i}" Type="{f"{_R}/{kind}" if kind else core}" '
        f'Target="{part.removeprefix(folder)}"/>'
        for i, part in enumerate(parts, 1)
        for kind in [_PARTS[part][1]]
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{_HEAD}<Relationships xmlns="{space}">{inside}</Relationships>'.encode()


def _theme() -> bytes:
    """The office theme with the house's one font; styles never point at it."""
    default = Path(docx.__file__).parent / "templates" / "default.docx"
    theme = unpack(default.read_bytes())["word/theme/theme1.xml"].decode()
    fonts = re.sub(r'<a:font script="[^"]*" typeface="[^"]*"/>\s*', "", theme)
    one = rf'\1{tokens.DOCUMENT_FONT}"'
    return re.sub(r'(<a:m(?:ajor|inor)Font>\s*<a:latin typeface=")[^"]*"', one, fonts).encode()


def house() -> bytes:
    """The style carrier's bytes; always the same for the same tokens."""
    overrides = "".join(
        f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, (kind, _) in _PARTS.items()
    )
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    types = (
        f'{_HEAD}<Types xmlns="{space}"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
    in_word = [part for part in _PARTS if part.startswith("word/") and "document" not in part]
    outside = [part for part in _PARTS if part not in in_word]
    return pack(
        {
            "[Content_Types].xml": types.encode(),
            "_rels/.rels": _relations("", outside),
            "word/_rels/document.xml.rels": _relations("word/", in_word),
            "word/document.xml": _DOCUMENT.encode(),
            "word/styles.xml": _styles().encode(),
            "word/numbering.xml": _NUMBERING.encode(),
            "word/settings.xml": _SETTINGS.encode(),
            "word/fontTable.xml": _FONTS.encode(),
            "word/theme/theme1.xml": _theme(),
            "docProps/core.xml": _CORE.encode(),
            "docProps/app.xml": _APP.encode(),
        }
    )


if __name__ == "__main__":
    HOUSE.write_bytes(house())
