"""The months' names and short forms in the languages trackers are used in, without accents.

Source: the Unicode CLDR, release 47, as Babel 2.19 gives it: the wide and the abbreviated names of
a locale's Gregorian calendar, both as they stand in a date and alone (Polish: stycznia, styczeń).
Where they differ, the short forms of Java 8's own locale data, which older Jira servers write,
stand beside them.
"""

from __future__ import annotations

# Language → the twelve months, each with its forms.
LANGUAGES = {
    "en": (
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|"
        "september sep sept|october oct|november nov|december dec"
    ),
    "es": (
        "enero ene|febrero feb|marzo mar|abril abr|mayo may|junio jun|julio jul|agosto ago|"
        "septiembre setiembre sept sep set|octubre oct|noviembre nov|diciembre dic"
    ),
    "de": (  # mrz: Java 8; maerz: without umlaut
        "januar jan janner|februar feb|marz mar mrz maerz|april apr|mai|juni jun|juli jul|"
        "august aug|september sept sep|oktober okt|november nov|dezember dez"
    ),
    "fr": (
        "janvier janv|fevrier fevr fev|mars|avril avr|mai|juin|juillet juil|aout|"
        "septembre sept|octobre oct|novembre nov|decembre dec"
    ),
    "pt": (
        "janeiro jan|fevereiro fev|marco mar|abril abr|maio mai|junho jun|julho jul|agosto ago|"
        "setembro set|outubro out|novembro nov|dezembro dez"
    ),
    "nl": (
        "januari jan|februari feb|maart mrt|april apr|mei|juni jun|juli jul|augustus aug|"
        "september sep|oktober okt|november nov|december dec"
    ),
    "it": (
        "gennaio gen|febbraio feb|marzo mar|aprile apr|maggio mag|giugno giu|luglio lug|agosto ago|"
        "settembre set|ottobre ott|novembre nov|dicembre dic"
    ),
    "pl": (
        "stycznia styczen sty|lutego luty lut|marca marzec mar|kwietnia kwiecien kwi|maja maj|"
        "czerwca czerwiec cze|lipca lipiec lip|sierpnia sierpien sie|wrzesnia wrzesien wrz|"
        "pazdziernika pazdziernik paz|listopada listopad lis|grudnia grudzien gru"
    ),
}
# No name means one month in one language and another in the next: a test proves it.
MONTHS: dict[str, str] = {
    name: f"{number:02d}"
    for months in LANGUAGES.values()
    for number, names in enumerate(months.split("|"), start=1)
    for name in names.split()
}
