from __future__ import annotations

import pytest

from analysis.sampling.deciding import chance
from analysis.sampling.iso2859 import plan
from analysis.sampling.risks import curve, risks
from charts import characteristic
from charts.vega import shade
from tests.charts.samples import CURVE, RISKS

H = plan(420, "II", 2.5)


def drawn():
    return characteristic(curve(chance(H)), risks(H, chance(H)), theme="light")


def test_both_risks_are_marked_where_they_lie_and_named_inside() -> None:
    """n = 50, Ac = 3: 96.4% accepted at 2.5%; 10% accepted at 12.9% (data/README and scipy)."""
    producer, consumer = drawn().datasets["risks"]
    assert (producer["name"], consumer["name"]) == ("Producer's risk", "Consumer's risk")
    assert (producer["x"], round(producer["y"], 3)) == (0.025, 0.964)
    assert (round(consumer["x"], 3), round(consumer["y"], 2)) == (0.129, 0.10)
    assert producer["label"] == "2.5% defective: 3.6% not accepted"
    assert consumer["short"] == "10.0% accepted"
    assert (producer["color"], consumer["color"]) == (shade("ink"), shade("orange"))


def test_the_curve_starts_at_certain_acceptance_and_reaches_both_risks() -> None:
    found = drawn()
    assert found.rows[0]["x"] == 0.0 and found.rows[0]["y"] == 1.0
    (frame,) = found.datasets["frame"]
    assert frame["x1"] > max(risk["x"] for risk in found.datasets["risks"])


def test_the_axis_leaves_room_for_a_label_and_ends_at_everything_defective() -> None:
    (frame,) = characteristic(CURVE[:20], RISKS, theme="light").datasets["frame"]
    assert frame["x1"] == pytest.approx(RISKS[1].rate * 1.6)
    one = plan(8, "S-1", 15.0)  # n = 3, Ac = 1: accepted 10% of the time at 80.4% defective
    found = characteristic(curve(chance(one)), risks(one, chance(one)), theme="light")
    assert found.datasets["frame"][0]["x1"] == 1.0
    assert [risk["is_left"] for risk in found.datasets["risks"]] == [False, True]


def test_a_reader_who_cannot_see_it_is_told_both_risks() -> None:
    told = drawn().alt
    assert "2.5% defective: 3.6% not accepted" in told
    assert "10.0% accepted" in told


def test_without_points_there_is_nothing_to_draw() -> None:
    assert characteristic([], [], theme="light").is_empty


def test_other_plans_keep_the_template() -> None:
    other = plan(3_000, "II", 1.0)
    again = characteristic(curve(chance(other)), risks(other, chance(other)), theme="light")
    assert again.spec == drawn().spec
