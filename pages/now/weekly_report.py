"""Weekly report.

The headlines and every warning before the download, what people add, what was sent, which numbers
of it were restated since, and what is new between two reports.
"""

from __future__ import annotations

from ui import entries_form, page, report_history, weekly_report

if view := page.start(page.window, weekly_report.audience, page.data_until):
    brief = weekly_report.brief(view)
    words, sending = page.split(2, 1)
    with sending:
        signed = weekly_report.before_you_send(view, brief)
        weekly_report.sent(view.store.workspace)
    with words:
        weekly_report.headlines(brief)
        weekly_report.commentary(view, signed)
        entries_form.actions(view, signed)
    entries_form.others(view, signed)
    report_history.restated_numbers(view)
    report_history.compared(view)
