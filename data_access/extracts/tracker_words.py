"""The words of trackers in eight languages: column headers, status categories, statuses.

Each word is one that somebody saw in an export or in code that reads one; SOURCES says where. A
word without a source is not here: such a column is asked about, never guessed. Headers are compared
without case, spaces, accents and punctuation.
"""

from __future__ import annotations

# Where the words of a language or tracker were seen (public repositories, November 2026). A place
# without a name is one that the search gave without its repository.
SOURCES = {
    "de": "The whole header of a Jira Cloud CSV export in German, quoted in an invoicing app "
    "('Zusammenfassung,Vorgangsschlüssel,Vorgangs-ID,Vorgangstyp,Status,Projektschlüssel …'); the "
    "header and a row in a test of a CSV importer ('Bearbeiter', 'Stichwörter'). Categories: "
    "infos.seibert.group, Jira Cloud documentation in German, What is a board ('Zu erledigen', 'In "
    "Arbeit', 'Fertig').",
    "es": "Headers: a ticket dashboard's column map and the CSV header of its test ('Clave de "
    "incidencia', 'Resumen', 'Tipo de incidencia', 'Estado', 'Categoría de estado', 'Prioridad', "
    "'Resolución', 'Clave del proyecto', 'Nombre del proyecto', 'Persona asignada', 'Informador', "
    "'Creada', 'Actualizada', 'Resuelta'); Ju4nR0sas/ModeloGarantiaTCS, Services/CsvService.cs "
    "(the first three, again); a task importer ('Fecha de vencimiento', 'Comentario'). Categories: "
    "that importer and a schedule's importer of Jira Cloud CSV ('Por hacer', 'En curso', 'Listo'). "
    "Not found, so asked about or left out: a header for the labels and for when the category "
    "changed, and other words for a category.",
    "fr": "stew-nocode/onpointdoc, a Jira Cloud CSV export in French ('Résumé,Clé de ticket,Type "
    "de ticket,État,Priorité,Rapporteur,…,Création', dates like 07/déc./25 10:51) and its notes "
    "('À faire', 'En cours', 'Terminé(e)').",
    "pt": "Three importers of Jira Cloud CSV exports in Brazilian Portuguese ('Tipo de item', "
    "'Chave da item', 'Resumo', 'Criado', 'Atualizado(a)', 'Resolvido', 'Data limite', 'Categoria "
    "do status'). Categories: two reports on such exports ('Itens Pendentes', 'Em andamento', "
    "'Itens concluídos', 'Concluído').",
    "nl": "Two parsers of Jira CSV exports in Dutch ('Issuetype,Issuecode,Issue id,Samenvatting,"
    "Uitvoerder,Uitvoerder-ID,Status,Aangemaakt', 'Bijgewerkt', 'Melder', 'Prioriteit').",
    "it": "An importer of a Jira CSV export in Italian that maps its columns ('Riepilogo', 'Chiave "
    "di ticket', 'Tipo ticket', 'Stato', 'Assegnatario', 'Richiedente', 'Creati', 'Aggiornato').",
    "pl": "Jira CSV exports in Polish: a task importer ('Typ zgłoszenia', 'Klucz zgłoszenia', "
    "'Podsumowanie') and a service desk's script ('Utworzono', 'Zaktualizowano'). Categories: a "
    "filter of a Jira client ('Do zrobienia', 'W toku', 'Gotowe').",
    "linear": "linear/linear, packages/import/src/importers/linearCsv/LinearCsvImporter.ts, the "
    "columns of Linear's own CSV export ('Creator', 'Cycle Name', 'Completed', 'Canceled').",
    "github": "cli.github.com/manual/gh_issue_list, JSON fields ('number', 'assignees', 'author', "
    "'closedAt', 'stateReason'); cli/cli, pkg/search/result.go, the fields of `gh search issues` "
    "('repository'). GitHub itself has no CSV of issues; the headers of a project's table are not "
    "found, so those are asked about or left out.",
    "azure": "MicrosoftDocs/azure-devops-docs, docs/boards/work-items/guidance/work-item-field.md, "
    "the index of field names ('Team Project', 'Area Path', 'Work Item Type', 'State', 'Assigned "
    "To', 'Created By', 'Created Date', 'Changed Date', 'Target Date', 'Closed Date', 'Resolved "
    "Date', 'Tags', 'Iteration Path'). That a query's CSV is headed by them: the same "
    "documentation, on import from CSV (ID,Work Item Type,Title,Assigned To,State,Tags).",
}

# Our column → (source, header names).
HEADERS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "issue_key": (
        ("de", ("Vorgangsschlüssel",)),
        ("es", ("Clave de incidencia",)),
        ("fr", ("Clé de ticket",)),
        ("pt", ("Chave da item",)),
        ("nl", ("Issuecode",)),
        ("it", ("Chiave di ticket",)),
        ("pl", ("Klucz zgłoszenia",)),
        ("github", ("number",)),
    ),
    "project": (
        ("de", ("Projektname", "Projektschlüssel")),
        ("es", ("Nombre del proyecto", "Clave del proyecto")),
        ("pt", ("Chave do projeto",)),
        ("azure", ("Team Project",)),
        ("github", ("repository",)),
    ),
    "team": (("azure", ("Area Path",)),),
    "type": (
        ("de", ("Vorgangstyp",)),
        ("es", ("Tipo de incidencia",)),
        ("fr", ("Type de ticket",)),
        ("pt", ("Tipo de item",)),
        ("nl", ("Issuetype",)),
        ("it", ("Tipo ticket",)),
        ("pl", ("Typ zgłoszenia",)),
        ("azure", ("Work Item Type",)),
    ),
    "summary": (
        ("de", ("Zusammenfassung",)),
        ("es", ("Resumen",)),
        ("fr", ("Résumé",)),
        ("pt", ("Resumo",)),
        ("nl", ("Samenvatting",)),
        ("it", ("Riepilogo",)),
        ("pl", ("Podsumowanie",)),
    ),
    "priority": (
        ("de", ("Priorität",)),
        ("es", ("Prioridad",)),
        ("fr", ("Priorité",)),
        ("pt", ("Prioridade",)),
        ("nl", ("Prioriteit",)),
        ("it", ("Priorità",)),
    ),
    "status": (
        ("es", ("Estado",)),
        ("fr", ("État",)),
        ("it", ("Stato",)),
        ("azure", ("State",)),
    ),
    "status_category": (
        ("de", ("Statuskategorie",)),
        ("es", ("Categoría de estado",)),
        ("pt", ("Categoria do status",)),
    ),
    "assignee": (
        ("de", ("Zugewiesene Person", "Bearbeiter")),
        ("es", ("Persona asignada",)),
        ("pt", ("Responsável",)),
        ("nl", ("Uitvoerder",)),
        ("it", ("Assegnatario",)),
        ("azure", ("Assigned To",)),
        ("github", ("assignees",)),
    ),
    "reporter": (
        ("de", ("Autor",)),
        ("es", ("Informador",)),
        ("fr", ("Rapporteur",)),
        ("pt", ("Relator",)),
        ("nl", ("Melder",)),
        ("it", ("Richiedente",)),
        ("linear", ("Creator",)),
        ("github", ("author",)),
        ("azure", ("Created By",)),
    ),
    "created_at": (
        ("de", ("Erstellt",)),
        ("es", ("Creada",)),
        ("fr", ("Création",)),
        ("pt", ("Criado",)),
        ("nl", ("Aangemaakt",)),
        ("it", ("Creati",)),
        ("pl", ("Utworzono",)),
        ("azure", ("Created Date",)),
    ),
    "updated_at": (
        ("de", ("Aktualisiert",)),
        ("es", ("Actualizada",)),
        ("pt", ("Atualizado(a)", "Atualizado")),
        ("nl", ("Bijgewerkt",)),
        ("it", ("Aggiornato",)),
        ("pl", ("Zaktualizowano",)),
        ("azure", ("Changed Date",)),
    ),
    "due_on": (
        ("de", ("Fälligkeitsdatum",)),
        ("es", ("Fecha de vencimiento",)),
        ("pt", ("Data limite",)),
        ("it", ("Data di scadenza",)),
        ("azure", ("Target Date",)),
    ),
    "resolved_at": (
        ("de", ("Erledigt",)),
        ("es", ("Resuelta",)),
        ("pt", ("Resolvido",)),
        ("linear", ("Completed",)),
        ("github", ("closedAt",)),
        ("azure", ("Closed Date", "Resolved Date")),
    ),
    "canceled_at": (("linear", ("Canceled",)),),
    "resolution": (
        ("de", ("Lösung",)),
        ("es", ("Resolución",)),
        ("pt", ("Resolução",)),
        ("it", ("Risoluzione",)),
        ("github", ("stateReason",)),
    ),
    "labels": (
        ("de", ("Stichwörter",)),
        ("it", ("Etichette",)),
        ("azure", ("Tags",)),
    ),
    "sprint": (
        ("linear", ("Cycle Name",)),
        ("azure", ("Iteration Path",)),
    ),
    "comments": (("es", ("Comentario",)),),
    "logged_hours": (("de", ("Arbeit protokollieren",)),),
}  # fmt: skip

# The names of the three status categories.
CATEGORIES: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "To Do": (
        ("de", ("Zu erledigen",)),
        ("es", ("Por hacer",)),
        ("fr", ("À faire",)),
        ("pt", ("Itens Pendentes",)),
        ("pl", ("Do zrobienia",)),
    ),
    "In Progress": (
        ("de", ("In Arbeit",)),
        ("es", ("En curso",)),
        ("fr", ("En cours",)),
        ("pt", ("Em andamento",)),
        ("pl", ("W toku",)),
    ),
    "Done": (
        ("de", ("Fertig",)),
        ("es", ("Listo",)),
        ("fr", ("Terminé", "Terminé(e)")),
        ("pt", ("Itens concluídos", "Concluído")),
        ("pl", ("Gotowe",)),
    ),
}
# Statuses that trackers come with and that mean one category wherever they stand. "Resolved" is
# not here: it is done in Jira and on its way in Azure Boards. The Spanish ones were seen as names
# of statuses only: in the status map of the task importer (Completado), and in notes and scripts on
# Jira Cloud sites (Tareas por hacer, Finalizada).
STATUSES = {
    "To Do": (
        "To Do", "Todo", "Open", "New", "Backlog", "Selected for Development", "Triage",
        "Tareas por hacer",
    ),
    "In Progress": ("In Progress", "In Review", "Reopened", "Active", "Doing"),
    "Done": (
        "Done", "Closed", "Canceled", "Cancelled", "Duplicate", "Removed", "Finalizada",
        "Completado",
    ),
}  # fmt: skip


def headers(column: str) -> tuple[str, ...]:
    """The header names of other languages and trackers for one of our columns."""
    return tuple(name for _, names in HEADERS.get(column, ()) for name in names)


def category_words() -> dict[str, str]:
    """The word for a status category in any language, in lower case → the category."""
    return {
        word.lower(): category
        for category, by_language in CATEGORIES.items()
        for _, words in by_language
        for word in words
    }


def status_words() -> dict[str, str]:
    """A status that says its category by its name, in lower case → the category."""
    own = {status.lower(): category for category, names in STATUSES.items() for status in names}
    return own | category_words()
