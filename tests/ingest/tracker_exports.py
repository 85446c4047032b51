"""Exports of a Jira site, made with their truth known, in eight languages and any date order."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest

SECRET = "nobody shall keep this; not even, half"
# The headers of a site in each language, as its exports were seen to have them (see SOURCES in
# data_access/extracts/tracker_words.py); what was not seen stays English, as on real sites.
HEADERS: dict[str, dict[str, str]] = {
    "en": {},
    "de": {
        "Summary": "Zusammenfassung", "Issue key": "Vorgangsschlüssel", "Issue Type": "Vorgangstyp",
        "Project name": "Projektname", "Priority": "Priorität", "Resolution": "Lösung",
        "Assignee": "Zugewiesene Person", "Reporter": "Autor", "Created": "Erstellt",
        "Updated": "Aktualisiert", "Resolved": "Erledigt", "Due date": "Fälligkeitsdatum",
        "Description": "Beschreibung", "Log Work": "Arbeit protokollieren",
        "Status Category": "Statuskategorie", "Labels": "Stichwörter",
        "Custom field": "Benutzerdefinierte Felder",
    },
    "es": {
        "Summary": "Resumen", "Issue key": "Clave de incidencia",
        "Issue Type": "Tipo de Incidencia",
        "Status": "Estado", "Project name": "Nombre del proyecto", "Priority": "Prioridad",
        "Resolution": "Resolución", "Assignee": "Persona asignada", "Reporter": "Informador",
        "Created": "Creada", "Updated": "Actualizada", "Resolved": "Resuelta",
        "Due date": "Fecha de vencimiento", "Comment": "Comentario",
        "Status Category": "Categoría de estado",
        "Custom field": "Campo personalizado",
    },
    "fr": {
        "Summary": "Résumé", "Issue key": "Clé de ticket", "Issue Type": "Type de ticket",
        "Status": "État", "Priority": "Priorité", "Reporter": "Rapporteur", "Created": "Création",
        "Custom field": "Champs personnalisés",
    },
    "pt": {
        "Summary": "Resumo", "Issue key": "Chave da item", "Issue Type": "Tipo de item",
        "Priority": "Prioridade", "Resolution": "Resolução", "Assignee": "Responsável",
        "Reporter": "Relator", "Created": "Criado", "Updated": "Atualizado(a)",
        "Resolved": "Resolvido", "Due date": "Data limite",
        "Status Category": "Categoria do status",
        "Custom field": "Campo personalizado",
    },
    "nl": {
        "Summary": "Samenvatting", "Issue key": "Issuecode", "Issue Type": "Issuetype",
        "Priority": "Prioriteit", "Assignee": "Uitvoerder", "Reporter": "Melder",
        "Created": "Aangemaakt", "Updated": "Bijgewerkt", "Custom field": "Aangepast veld",
    },
    "it": {
        "Summary": "Riepilogo", "Issue key": "Chiave di ticket", "Issue Type": "Tipo ticket",
        "Status": "Stato", "Priority": "Priorità", "Resolution": "Risoluzione",
        "Assignee": "Assegnatario", "Reporter": "Richiedente", "Created": "Creati",
        "Updated": "Aggiornato", "Due date": "Data di scadenza", "Labels": "Etichette",
        "Custom field": "Campo personalizzato",
    },
    "pl": {
        "Summary": "Podsumowanie", "Issue key": "Klucz zgłoszenia", "Issue Type": "Typ zgłoszenia",
        "Created": "Utworzono", "Updated": "Zaktualizowano", "Custom field": "Pole niestandardowe",
    },
}  # fmt: skip
# To Do, In Progress, Done; English where a language's own words were not seen.
CATEGORIES = {
    "en": ("To Do", "In Progress", "Done"),
    "de": ("Zu erledigen", "In Arbeit", "Fertig"),
    "es": ("Por hacer", "En curso", "Listo"),
    "fr": ("À faire", "En cours", "Terminé"),
    "pt": ("Itens Pendentes", "Em andamento", "Itens concluídos"),
    "nl": ("To Do", "In Progress", "Done"),
    "it": ("To Do", "In Progress", "Done"),
    "pl": ("Do zrobienia", "W toku", "Gotowe"),
}
OURS = ("To Do", "In Progress", "Done")
# CLDR 47, abbreviated month names in the format of a date, as Babel 2.19 lists them.
CLDR = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "es": "ene feb mar abr may jun jul ago sept oct nov dic",
    "de": "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "pt": "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
    "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
    "pl": "sty lut mar kwi maj cze lip sie wrz paź lis gru",
}
# The same, wide: in a date, and where it differs, alone.
CLDR_WIDE = {
    "en": ("January February March April May June July August September October November December"),
    "es": (
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    ),
    "de": ("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
    "fr": ("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    "pt": (
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"
    ),
    "nl": (
        "januari februari maart april mei juni juli augustus september oktober november december"
    ),
    "it": (
        "gennaio febbraio marzo aprile maggio giugno luglio "
        "agosto settembre ottobre novembre dicembre"
    ),
    "pl": (
        "stycznia lutego marca kwietnia maja czerwca lipca "
        "sierpnia września października listopada grudnia"
    ),
    "pl alone": (
        "styczeń luty marzec kwiecień maj czerwiec lipiec "
        "sierpień wrzesień październik listopad grudzień"
    ),
}
HALVES = {"es": ("a.\u202fm.", "p.\u202fm."), "nl": ("a.m.", "p.m."), "en": ("AM", "PM")}


@dataclass(frozen=True)
class Issue:
    """One issue and what is planted on it."""

    key: str
    category: int
    created: datetime
    updated: datetime
    resolved: datetime | None = None
    due: date | None = None
    changed: datetime | None = None
    status: str = "Some status"
    labels: tuple[str, ...] = ()
    sprints: tuple[str, ...] = ()
    comments: tuple[datetime, ...] = ()
    logged: tuple[int, ...] = ()
    times: tuple[tuple[str, int, int], ...] = ()  # status id, visits, milliseconds


PLANTED = (
    Issue(
        "OPS-1", 2, datetime(2026, 2, 3, 9, 5), datetime(2026, 3, 21, 12, 0),
        datetime(2026, 3, 21, 11, 59), date(2026, 4, 5), labels=("data", "access"),
        sprints=("Sprint 1", "Sprint 2"),
        comments=(datetime(2026, 2, 4, 0, 30), datetime(2026, 3, 1, 23, 5)),
        logged=(3600, 5400),
    ),
    Issue(
        "OPS-2", 1, datetime(2026, 5, 9, 0, 0), datetime(2026, 6, 13, 12, 30),
        due=date(2026, 7, 25), sprints=("Sprint 2", ""), comments=(datetime(2026, 5, 31, 13, 0),),
    ),
    Issue(
        "OPS-3", 0, datetime(2026, 8, 1, 10, 10), datetime(2026, 9, 14, 22, 45), labels=("export",),
    ),
    Issue(  # team-managed: done, and Resolved stays empty
        "OPS-4", 2, datetime(2026, 10, 8, 8, 8), datetime(2026, 11, 16, 16, 16),
        changed=datetime(2026, 11, 15, 15, 15), logged=(1800,),
    ),
    Issue("OPS-5", 2, datetime(2026, 12, 17, 7, 7), datetime(2026, 12, 22, 18, 0)),
)  # fmt: skip


def site(at: datetime, language: str) -> str:
    """A time as a site in that language writes it: 23/Feb/26 1:15 PM."""
    month = CLDR[language].split()[at.month - 1]
    half = HALVES.get(language, ("AM", "PM"))[at.hour >= 12]
    return f"{at:%d}/{month}/{at:%y} {(at.hour - 1) % 12 + 1}:{at:%M} {half}"


def day_first(at: datetime, _: str) -> str:
    """As a spreadsheet saves it in most of Europe."""
    return f"{at:%d-%m-%Y %H:%M}"


def month_first(at: datetime, _: str) -> str:
    """As a spreadsheet saves it in the United States."""
    return f"{at:%m/%d/%Y} {at.hour}:{at:%M}"


def swapped(at: datetime, _: str) -> str:
    """Day first, opened in the United States: what reads there is a date now, swapped."""
    if at.day > 12:
        return f"{at:%d/%m/%Y %H:%M}"
    return f"{at.year}-{at.day:02d}-{at.month:02d} {at:%H:%M}:00"


def swapped_to_day_first(at: datetime, _: str) -> str:
    """Month first, opened in Europe."""
    if at.day > 12:
        return f"{at:%m/%d/%Y %H:%M}"
    return f"{at.year}-{at.day:02d}-{at.month:02d} {at:%H:%M}"


def mixed(at: datetime, _: str) -> str:
    """Some rows one way, the others the other way, and both tell it."""
    return f"{at:%d/%m/%Y %H:%M}" if at.month % 2 else f"{at:%m/%d/%Y %H:%M}"


STYLES = {"site": site, "day first": day_first, "month first": month_first}
BROKEN = {"swapped": swapped, "swapped to day first": swapped_to_day_first, "mixed": mixed}


def export(
    issues: Sequence[Issue] = PLANTED,
    *,
    language: str = "en",
    style: str = "site",
    is_bom: bool = False,
    is_crlf: bool = False,
    blank_rows: int = 0,
    width: int = 0,
    words: Mapping[str, str] | None = None,
) -> bytes:
    """A CSV (all fields) of the issues.

    Args:
        issues: what it holds.
        language: of headers, categories and months.
        style: of dates.
        is_bom, is_crlf: how the file is written.
        blank_rows: rows of commas at its end, as a spreadsheet leaves them.
        width: repeat Log Work and Comment at least so often.
        words: other words for the categories.
    """
    told = HEADERS[language]
    repeats = {
        name: max([width, *(len(getattr(issue, of)) for issue in issues)])
        for name, of in (("Log Work", "logged"), ("Comment", "comments"), ("Sprint", "sprints"),
                         ("Labels", "labels"))
    }  # fmt: skip
    single = ["Summary", "Issue key", "Issue id", "Issue Type", "Status", "Project name"]
    dates = ["Created", "Updated", "Resolved", "Due date", "Status Category Changed"]
    rest = ["Description", "Assignee", "Watchers", "Watchers", "Attachment", "Σ Time Spent"]
    custom = [f"{told.get('Custom field', 'Custom field')} ({name})" for name in
              ("Rank", "[CHART] Time in Status", "Asset type", "Asset type")]  # fmt: skip
    many = [name for name, count in repeats.items() for _ in range(count)]
    header = [told.get(n, n) for n in (*single, *dates, *rest, *many, "Status Category")] + custom
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n" if is_crlf else "\n")
    writer.writerow(header)
    for number, issue in enumerate(issues):
        writer.writerow(_row(number, issue, language, style, repeats, words or {}))
    writer.writerows([[""] * len(header)] * blank_rows)
    return out.getvalue().encode("utf-8-sig" if is_bom else "utf-8")


def _row(
    number: int,
    issue: Issue,
    language: str,
    style: str,
    repeats: Mapping[str, int],
    words: Mapping[str, str],
) -> list[str]:
    def text(at: datetime | None) -> str:
        return (STYLES | BROKEN)[style](at, language) if at else ""

    due = datetime.combine(issue.due, datetime.min.time()) if issue.due else None
    category = words.get(OURS[issue.category], CATEGORIES[language][issue.category])
    cells = {
        "Log Work": [f"{SECRET};{text(issue.created)};u1;{s}" for s in issue.logged],
        "Comment": [f"{text(at)};712020:u;{SECRET}\nsecond line; 60" for at in issue.comments],
        "Sprint": list(issue.sprints),
        "Labels": list(issue.labels),
    }
    return [
        f'Say "no",\n{number}', issue.key, f"100{number}", "Task", issue.status, "Ops",
        *map(text, (issue.created, issue.updated, issue.resolved, due, issue.changed)),
        f"=1+1\n\n{SECRET}", "A. Levin", "u1", "u2", f"{text(issue.created)};u1;a;b.png;https://x",
        "9000",
        *(cell for name, count in repeats.items() for _, cell in
          zip_longest(range(count), cells[name], fillvalue="")),
        category, "0|i0001q:r",
        "_*|*_".join("_*:*_".join(map(str, one)) for one in issue.times), "", "Blade",
    ]  # fmt: skip
