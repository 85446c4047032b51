"""Forecasts in issued reports are kept once, signed, audited, and judged later."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from data_access.forecast_log import SentForecast
from data_access.records import Records
from metrics.errors import AppError

AT = datetime(2026, 11, 16, 7)


def told(batch: str, p85: date | None = date(2026, 12, 9)) -> SentForecast:
    return SentForecast(
        source="List", batch=batch, as_of=date(2026, 11, 16), promised_on=date(2026, 12, 4),
        items_left=31, p50=date(2026, 12, 3), p85=p85, chance=0.54,
    )  # fmt: skip


def test_forecasts_are_kept_with_their_report_once_and_audited(workspace) -> None:
    records = Records(workspace)
    assert records.forecasts.keep("R1", [told("B1"), told("B2", None)], by="Lea", at=AT) == 2
    assert records.forecasts.keep("R1", [told("B1")], by="Max", at=AT) == 0
    one, two = records.forecasts.all()
    assert (one.report, one.batch, one.by, one.at) == ("R1", "B1", "Lea", AT)
    assert (one.p50, one.p85, one.chance) == (date(2026, 12, 3), date(2026, 12, 9), 0.54)
    assert two.p85 is None
    (line,) = records.audit(about="forecasts R1")
    assert (line.what, line.by) == ("forecast", "Lea")
    assert '"batches": 2' in line.after


def test_a_report_without_a_forecast_leaves_nothing(workspace) -> None:
    records = Records(workspace)
    assert records.forecasts.keep("R1", [], by="Lea", at=AT) == 0
    assert records.forecasts.all() == () and records.audit() == ()


def test_a_forecast_is_signed(workspace) -> None:
    records = Records(workspace)
    with pytest.raises(AppError, match="name is needed"):
        records.forecasts.keep("R1", [told("B1")], by=" ", at=AT)
    assert records.forecasts.all() == ()


def test_nasty_names_come_back_as_they_were(workspace) -> None:
    records = Records(workspace)
    nasty = "=1+1 <b>*B*</b> 'x\""
    records.forecasts.keep("R1", [told(nasty)], by="Lea", at=AT)
    assert records.forecasts.all()[0].batch == nasty
