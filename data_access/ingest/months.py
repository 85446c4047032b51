"""The months' names and short forms in the languages trackers are used in, without accents."""

from __future__ import annotations

_NAMES = {
    "01": "january jan januar janvier janv enero ene janeiro gennaio gen januari",
    "02": "february feb februar fevrier fevr fev febrero fevereiro febbraio februari",
    "03": "march mar marz mrz mars marzo marco maart mrt maerz",
    "04": "april apr avril avr abril abr aprile",
    "05": "may mai mayo maio maggio mag mei",
    "06": "june jun juni juin junio junho giugno giu",
    "07": "july jul juli juillet juil julio julho luglio lug",
    "08": "august aug aout agosto ago augustus",
    "09": "september sep sept septembre septiembre setembro settembre set setiembre",
    "10": "october oct oktober okt octobre octubre outubro out ottobre ott",
    "11": "november nov novembre noviembre novembro",
    "12": "december dec dezember dez decembre diciembre dic dezembro dicembre",
}
MONTHS: dict[str, str] = {
    name: number for number, names in _NAMES.items() for name in names.split()
}
