"""Sixty strings that broke some writer or reader somewhere, each to be kept and to stay inert."""

from __future__ import annotations

FORMULAS = (
    "=1+1", "=HYPERLINK(\"http://example.org\",\"x\")", "=WEBSERVICE(\"http://example.org\")",
    "=cmd|' /C calc'!A0", "+1+1", "+SUM(1)", "-1+1", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)",
    "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "＋1", "－1", "＠SUM(1)", "=", "-", "+", "@",
    "{=1+1}", "'=1+1", "\"=1+1\"", "=DDE(\"a\";\"b\";\"c\")",
)  # fmt: skip
MARKUP = (
    "<b>bold</b>", "&amp; & &lt;", "<w:p/>", "]]>", "<!--", "</w:t></w:r>", "&#0;", "<?xml?>",
    "{{ title }}", "{% if %}", "${x}", "%s %d", "_x0041_", "_x000D_", "\\n", "C:\\new\\table",
    "R&D < weekly >", "a & b", "&8 &P &D", "javascript:alert(1)", "http://example.org/?a=1&b=2",
    "file:///etc/passwd",
)  # fmt: skip
LETTERS = (
    "naïve café", "Ω≈ç√", "日本語の品質", "العربية", "עברית", "🙂🚀", "👩‍👩‍👧‍👧", "e\u0301",
    "\u202egnitirw", "\u200bzero", "nan", "None", "NULL", "1e10", "0001", "2026-11-09", "TRUE",
    "5" * 400, "word " * 60 + "end", "two\nlines", "tab\tinside", " leading and trailing ",
)  # fmt: skip
BROKEN = ("a\x00b", "bell\x07", "esc\x1b[0m", "\ufffe", "\uffff", "\ud800 alone", "x\x0by")
HOSTILE = FORMULAS + MARKUP + LETTERS + BROKEN
assert len(HOSTILE) >= 60
